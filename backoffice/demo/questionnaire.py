"""The guest form as a FHIR R4 Questionnaire. Five sections, kindly worded; each question may say why we ask.

The reason stands in the extension `WHY`; limits and units use FHIR's own extensions.
"""

VERSION = 1
URL = "https://pema.example/fhir/Questionnaire/guest-intake"
WHY = "https://pema.example/fhir/StructureDefinition/why-we-ask"
MIN_VALUE = "http://hl7.org/fhir/StructureDefinition/minValue"
MAX_VALUE = "http://hl7.org/fhir/StructureDefinition/maxValue"
FORMAT = "http://hl7.org/fhir/StructureDefinition/entryFormat"
UNIT = "http://hl7.org/fhir/StructureDefinition/questionnaire-unit"


def ask(
    link_id,
    text,
    kind="boolean",
    *,
    why="",
    required=False,
    options=(),
    when=None,
    many=False,
    limits=None,
    unit="",
    telephone=False,
):
    """One question. `options` are (code, words); `when`: a question answered yes, or (question, code)."""
    item = {"linkId": link_id, "text": text, "type": kind}
    if required:
        item["required"] = True
    if many:
        item["repeats"] = True
    if kind in ("string", "text"):
        item["maxLength"] = 200 if kind == "string" else 2000
    if options:
        item["answerOption"] = [{"valueCoding": {"code": code, "display": words}} for code, words in options]
    if when:
        item["enableWhen"] = [_condition(when)]
    extensions = [{"url": WHY, "valueString": why}] if why else []
    if limits:
        value = "valueInteger" if kind == "integer" else "valueDecimal"
        extensions += [{"url": MIN_VALUE, value: limits[0]}, {"url": MAX_VALUE, value: limits[1]}]
    if unit:
        extensions.append({"url": UNIT, "valueCoding": {"code": unit, "display": unit}})
    if telephone:
        extensions.append({"url": FORMAT, "valueString": "telephone"})
    if extensions:
        item["extension"] = extensions
    return item


def _condition(when):
    if isinstance(when, str):
        return {"question": when, "operator": "=", "answerBoolean": True}
    return {"question": when[0], "operator": "=", "answerCoding": {"code": when[1]}}


def section(link_id, title, *items):
    return {"linkId": link_id, "text": title, "type": "group", "item": list(items)}


PERSONAL = section(
    "personal",
    "About you",
    ask("birth-date", "When were you born?", "date", required=True, why="Your age shapes the pace of your days here."),
    ask(
        "sex",
        "Which of these describes your body?",
        "choice",
        required=True,
        options=[
            ("female", "Female"),
            ("male", "Male"),
            ("other", "Intersex or other"),
            ("unsaid", "I prefer not to say"),
        ],
        why="Some therapies and reference values differ. It is used for nothing else.",
    ),
    ask("height", "How tall are you?", "decimal", required=True, limits=(90, 230), unit="cm"),
    ask(
        "weight",
        "What do you weigh, roughly?",
        "decimal",
        required=True,
        limits=(25, 300),
        unit="kg",
        why="With your height it tells your doctor which plan is gentle enough. A guess is fine.",
    ),
    ask("emergency-name", "Whom may we call if something happens?", "string", required=True),
    ask("emergency-phone", "Their telephone number", "string", required=True, telephone=True),
    ask("own-doctor", "Your own doctor's name and town, if you have one", "string"),
)

HISTORY = section(
    "history",
    "What you have been through",
    ask(
        "heart",
        "Have you ever had trouble with your heart, such as a heart attack, an irregular beat or a weak heart?",
        required=True,
        why="Heat, cold and fasting ask something of the heart. We adapt them, or leave them out.",
    ),
    ask("heart-detail", "What was it, and when?", "text", when="heart", required=True),
    ask("stroke", "Have you had a stroke, or a small one that passed?", required=True),
    ask(
        "blood-pressure",
        "How is your blood pressure?",
        "choice",
        required=True,
        options=[
            ("normal", "Normal"),
            ("high-treated", "High, and treated"),
            ("high-untreated", "High, not treated"),
            ("low", "Low"),
            ("unknown", "I do not know"),
        ],
    ),
    ask(
        "diabetes",
        "Do you live with diabetes?",
        "choice",
        required=True,
        options=[("none", "No"), ("type-2", "Type 2"), ("type-1", "Type 1"), ("unknown", "I have not been tested")],
        why="Your meals and any fasting are planned around it.",
    ),
    ask("insulin", "Do you take insulin?", when=("diabetes", "type-2")),
    ask("kidney-liver", "Have your kidneys or your liver been ill?", required=True),
    ask("cancer", "Have you been treated for cancer in the last five years?", required=True),
    ask("seizures", "Have you ever had a seizure?", required=True),
    ask("thyroid", "Is your thyroid over- or underactive?"),
    ask("surgery", "Have you had an operation in the last six months?", required=True),
    ask("surgery-detail", "Which one, and when?", "text", when="surgery", required=True),
    ask(
        "eating-disorder",
        "Has your relationship with food ever been an illness?",
        required=True,
        why="Fasting can wake old patterns. If so, we plan without it.",
    ),
    ask(
        "mental-care",
        "Are you, or were you in the past year, under care for your mental health?",
        required=True,
        why="So that the right person looks after you, quietly. It is never a reason to turn you away by itself.",
    ),
)

CURRENT = section(
    "current",
    "How you are now",
    ask(
        "pregnancy",
        "Are you pregnant, or could you be?",
        "choice",
        required=True,
        options=[
            ("no", "No, or it does not apply"),
            ("yes", "Yes"),
            ("maybe", "Possibly"),
            ("nursing", "I am breastfeeding"),
        ],
        why="Many oils, herbs and any fasting are not for you then. There are lovely things that are.",
    ),
    ask("medicines", "Do you take any medicines, also herbs and vitamins?", required=True),
    ask("medicine-list", "Please list them, with the dose if you know it", "text", when="medicines", required=True),
    ask(
        "blood-thinners",
        "Is one of them a blood thinner, such as warfarin, apixaban or clopidogrel?",
        when="medicines",
        required=True,
        why="Deep massage, acupuncture and some herbs do not go with them.",
    ),
    ask(
        "allergies",
        "What are you allergic to?",
        "open-choice",
        many=True,
        options=[
            ("none", "Nothing that I know of"),
            ("nuts", "Nuts"),
            ("sesame", "Sesame"),
            ("dairy", "Milk"),
            ("gluten", "Wheat or gluten"),
            ("medicine", "A medicine"),
            ("latex", "Latex"),
        ],
        required=True,
        why="Sesame is in many of our oils, nuts in many of our sweets.",
    ),
    ask(
        "pain",
        "How much pain have you had this week? 0 is none, 10 the worst.",
        "integer",
        limits=(0, 10),
        required=True,
    ),
    ask("pain-place", "Where does it hurt?", "string"),
    ask(
        "sleep",
        "How do you sleep?",
        "choice",
        required=True,
        options=[("well", "Well"), ("light", "Lightly"), ("badly", "Badly"), ("very-badly", "Hardly at all")],
    ),
    ask(
        "mood",
        "In the last two weeks, have you felt so low that you thought of harming yourself?",
        required=True,
        why="If you have, we would like to call you today. You are not a burden.",
    ),
    ask(
        "mobility",
        "How do you move about?",
        "choice",
        required=True,
        options=[
            ("free", "Freely"),
            ("slow", "Slowly, with rests"),
            ("aid", "With a stick or a frame"),
            ("wheelchair", "In a wheelchair"),
        ],
        why="So that your room, your therapist and the paths suit you.",
    ),
    ask(
        "alcohol",
        "How often do you drink alcohol?",
        "choice",
        options=[("never", "Never"), ("sometimes", "Now and then"), ("weekly", "Most weeks"), ("daily", "Every day")],
    ),
    ask("smoking", "Do you smoke?"),
    ask("last-check-up", "When was your last check-up with a doctor?", "date"),
)

GOALS = section(
    "goals",
    "What you hope for",
    ask(
        "goal",
        "What should be different when you leave?",
        "choice",
        many=True,
        required=True,
        options=[
            ("rest", "I want to rest"),
            ("sleep", "Sleep better"),
            ("pain", "Less pain"),
            ("weight", "A better weight"),
            ("sugar", "Steadier blood sugar"),
            ("calm", "A calmer mind"),
            ("habits", "New habits"),
        ],
    ),
    ask("goal-words", "In your own words, if you like", "text"),
    ask(
        "diet",
        "How do you eat?",
        "choice",
        required=True,
        options=[
            ("vegetarian", "Vegetarian"),
            ("vegan", "Vegan"),
            ("jain", "Jain"),
            ("eggs", "Vegetarian with eggs"),
            ("everything", "Everything"),
        ],
        why="Our kitchen is vegetarian; this helps it to surprise you well.",
    ),
    ask(
        "therapist",
        "By whom would you like to be treated?",
        "choice",
        options=[("any", "Anyone"), ("woman", "A woman"), ("man", "A man")],
    ),
)

CONSENT = section(
    "consent",
    "Your agreement",
    ask("truth", "I have answered as well as I can, and will tell my doctor here if anything changes.", required=True),
    ask("contact-own-doctor", "Your doctor here may speak with my own doctor if it helps me."),
)

QUESTIONNAIRE = {
    "resourceType": "Questionnaire",
    "url": URL,
    "version": str(VERSION),
    "name": "GuestIntake",
    "title": "Your guest form",
    "status": "active",
    "subjectType": ["Patient"],
    "date": "2026-11-01",
    "publisher": "Pema Wellness",
    "description": "About ten minutes. Only the doctor who looks after you reads your answers.",
    "item": [PERSONAL, HISTORY, CURRENT, GOALS, CONSENT],
}

CONSENT_VERSION = "intake-consent-1"
CONSENT_TEXT = """\
Pema Wellness asks for these answers so that a doctor can decide whether the program suits you, and look after \
you while you are here.

Your answers are stored encrypted. They are read by the doctor who is responsible for you and, when that doctor \
is away, by the lead of our doctors. The front desk, reservations and the kitchen never see them; they only \
learn whether you may come, and practical wishes such as "no sesame oil". Every time that someone opens your \
answers it is written down, and you can see that list in your account.

We keep them for as long as the law on patient records asks us to. You may withdraw this agreement at any time \
in your account or by writing to us. If you do so before your stay, we cannot complete the review, and your stay \
is cancelled under the terms that you booked."""


def questions(items=None):
    """Every question of the form, in order, groups left out."""
    for item in items if items is not None else QUESTIONNAIRE["item"]:
        if item["type"] != "group":
            yield item
        yield from questions(item.get("item", []))
