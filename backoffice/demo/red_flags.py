"""Answers that a doctor should see first: (program or None for all, question, operator, value, label, severity 1-3).

They sort and explain; they never decide. `bmi` and `age` are computed from other answers.
"""

RED_FLAGS = [
    (None, "mood", "is", True, "Thoughts of self-harm", 3),
    (None, "heart", "is", True, "Cardiac history", 3),
    (None, "stroke", "is", True, "Stroke or TIA", 3),
    (None, "seizures", "is", True, "Seizures", 3),
    (None, "blood-thinners", "is", True, "Takes anticoagulants", 3),
    (None, "pregnancy", "in", ["yes", "maybe"], "Pregnant, or possibly", 3),
    (None, "kidney-liver", "is", True, "Kidney or liver disease", 2),
    (None, "cancer", "is", True, "Cancer treatment within 5 years", 2),
    (None, "surgery", "is", True, "Operation within 6 months", 2),
    (None, "blood-pressure", "is", "high-untreated", "Untreated high blood pressure", 2),
    (None, "mental-care", "is", True, "Under mental health care", 2),
    (None, "age", "gte", 75, "75 or older", 2),
    (None, "bmi", "gte", 40, "BMI 40 or more", 2),
    (None, "bmi", "lte", 17, "BMI 17 or less", 2),
    (None, "mobility", "in", ["aid", "wheelchair"], "Needs help with walking", 1),
    (None, "alcohol", "is", "daily", "Drinks every day", 1),
    ("detox", "diabetes", "is", "type-1", "Type 1 diabetes: no fasting", 3),
    ("detox", "insulin", "is", True, "On insulin: fasting changes the dose", 3),
    ("detox", "eating-disorder", "is", True, "History of an eating disorder", 3),
    ("detox", "pregnancy", "is", "nursing", "Breastfeeding: no fasting", 2),
    ("detox", "bmi", "lte", 18.5, "Underweight: no fasting", 3),
    ("weight-balance", "eating-disorder", "is", True, "History of an eating disorder", 3),
    ("weight-balance", "pregnancy", "is", "nursing", "Breastfeeding: no calorie restriction", 2),
    ("metabolic-reset", "diabetes", "is", "type-1", "Type 1 diabetes", 3),
    ("metabolic-reset", "insulin", "is", True, "On insulin", 2),
    ("pain-relief", "pain", "gte", 9, "Pain of 9 or more", 2),
    ("stress-relief", "sleep", "is", "very-badly", "Hardly sleeps", 2),
    ("restful-sleep", "sleep", "is", "very-badly", "Hardly sleeps", 2),
    ("restful-sleep", "alcohol", "is", "daily", "Alcohol every day: withdrawal risk", 2),
]
