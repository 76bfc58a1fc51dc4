"""What the guests come for: seven programs in our own words.

`day` is (time, what happens). `not_for` names in plain words who should not come, or should speak to us first.
"""

INCLUDED = [
    "Your room and every meal, juice and herbal tea",
    "Arrival and departure consultations",
    "Daily group yoga, breath work and meditation",
    "Steam, sauna and the sea-water pool",
]

PROGRAMS = [
    {
        "slug": "detox",
        "name": "Detox",
        "type": "wellness",
        "specialty": "naturopathy",
        "min_nights": 5,
        "max_nights": 21,
        "min_age": 18,
        "max_age": 75,
        "needs_medical_review": True,
        "featured": True,
        "art": "leaf",
        "tagline": "Put things down. Feel how light you were.",
        "summary": "Gentle fasting, warm oil and long sleep: a clear, guided rest for the whole digestive system.",
        "sections": [
            (
                "What happens here",
                "Most of what tires a body is simply too much: too many meals, too many screens, too "
                "many late evenings. Detox takes the load away, one thing at a time. Your food becomes lighter for three "
                "days, rests for as long as your doctor finds right, and comes back slowly. In between there is oil, "
                "steam, water, sleep, and a great deal of quiet.",
            ),
            (
                "How it feels",
                "The second day is often the hardest: a dull head, little patience, an early night. By the "
                "fourth most guests describe the same thing, a clean hunger and an unfamiliar calm. We stay close through "
                "all of it.",
            ),
            (
                "What stays with you",
                "You leave with a way of eating that fits a normal week, a short morning practice, "
                "and a call with your doctor two weeks later to see how it goes.",
            ),
        ],
        "day": [
            ("06:00", "Warm lemon water and a silent walk to the sea view"),
            ("07:00", "Cleansing yoga and breath work"),
            ("08:30", "Juice or light breakfast, then your doctor's morning round"),
            ("10:00", "Oil massage and herbal steam"),
            ("13:00", "Broth, salad or fruit, as your plan says"),
            ("15:30", "Mud or water therapy, then rest"),
            ("18:00", "Meditation at dusk"),
            ("19:00", "A light supper, and an early night"),
        ],
        "included": [*INCLUDED, "Two therapies a day from your own plan", "A supervised fasting and refeeding plan"],
        "suits": ["Tiredness that sleep does not mend", "A heavy, slow digestion", "The end of a long, unkind season"],
        "not_for": [
            "You are pregnant or breastfeeding",
            "You are underweight or have had an eating disorder",
            "You have type 1 diabetes, or kidney or liver failure",
            "You take blood thinners, unless your own doctor and ours have agreed",
        ],
        "approach": "Nobody fasts here because a brochure says so. Your doctor decides after meeting you, checks you "
        "every morning, and shortens or stops the fast without ceremony when your body asks for it.",
    },
    {
        "slug": "pain-relief",
        "name": "Pain Relief",
        "type": "medical",
        "specialty": "physiotherapy",
        "min_nights": 7,
        "max_nights": 28,
        "min_age": 16,
        "max_age": 85,
        "needs_medical_review": True,
        "featured": True,
        "art": "river",
        "tagline": "Move again, without bracing for it.",
        "summary": "Physiotherapy, acupuncture and warm oils for backs, necks, knees and shoulders that have hurt too long.",
        "sections": [
            (
                "What happens here",
                "Pain that has lasted for months teaches the body to guard itself. We work from both "
                "ends: hands, heat and needles calm what hurts, while slow, exact movement shows the body that it is safe "
                "to use it again.",
            ),
            (
                "Your first two days",
                "A doctor and a physiotherapist see you together, read the pictures and reports you "
                "bring, and watch you walk, sit and turn. The plan they write is yours alone, and it changes as you do.",
            ),
            (
                "What stays with you",
                "A set of eight exercises that you can truly do at home, a pillow height, a chair "
                "height, and the knowledge of what to do on a bad day.",
            ),
        ],
        "day": [
            ("06:30", "Gentle joint movement in warm water"),
            ("08:00", "Breakfast from an anti-inflammatory kitchen"),
            ("09:30", "Physiotherapy, one to one"),
            ("11:00", "Acupuncture or warm herbal poultices"),
            ("13:00", "Lunch, then a long rest"),
            ("15:30", "Oil therapy for back or joints"),
            ("17:30", "Restorative yoga with props"),
            ("19:30", "Supper and a talk on posture, sleep or pain"),
        ],
        "included": [
            *INCLUDED,
            "Daily physiotherapy, one to one",
            "Acupuncture or poultice therapy every day",
            "An exercise plan for home, filmed with you",
        ],
        "suits": [
            "Back and neck pain of more than six weeks",
            "Stiff knees, hips and shoulders",
            "Rebuilding strength once an operation has healed",
        ],
        "not_for": [
            "You had an operation or a fracture in the last six weeks",
            "Your pain comes with fever, numbness or loss of control: please see a hospital first",
            "You take blood thinners, unless your own doctor and ours have agreed",
        ],
        "approach": "We look for the reason before we treat the place. When we believe that a surgeon or a hospital can do "
        "more for you than we can, we say so before you travel.",
    },
    {
        "slug": "stress-relief",
        "name": "Stress Relief",
        "type": "wellness",
        "specialty": "mind",
        "min_nights": 4,
        "max_nights": 21,
        "min_age": 16,
        "max_age": 80,
        "needs_medical_review": True,
        "featured": True,
        "art": "moon",
        "tagline": "Let the noise go out like a tide.",
        "summary": "Sleep, breath and warm stillness for a mind that has been on call for years.",
        "sections": [
            (
                "What happens here",
                "The nervous system does not settle because it is told to. It settles through "
                "rhythm: the same hours, warm food, hands that are not in a hurry, an evening without a lit screen. That "
                "rhythm is the treatment; everything else is added to it softly.",
            ),
            (
                "Shirodhara, and silence",
                "A thread of warm oil on the forehead for forty minutes is as strange as it "
                "sounds, and most people sleep that night. Two half-days of silence are offered, never imposed.",
            ),
            (
                "What stays with you",
                "A breath practice of eleven minutes, an honest look at your week with a "
                "counsellor, and a plan for the evening hours.",
            ),
        ],
        "day": [
            ("06:30", "Breath work facing the sea"),
            ("07:30", "Slow yoga"),
            ("09:00", "Breakfast, unhurried"),
            ("10:30", "Shirodhara or head and foot massage"),
            ("13:00", "Lunch, then a nap that is part of the plan"),
            ("16:00", "A conversation with your counsellor, or a walk in the forest"),
            ("18:30", "Yoga nidra by candlelight"),
            ("21:00", "Lamps low; warm milk with nutmeg"),
        ],
        "included": [
            *INCLUDED,
            "Shirodhara or head massage every day",
            "Three conversations with a counsellor",
            "A sleep diary and an evening plan",
        ],
        "suits": [
            "Thin sleep, a racing mind, a short temper",
            "The weeks after a loss, a move or a large decision",
            "People who look after others for a living",
        ],
        "not_for": [
            "You are in an acute crisis or think of harming yourself: please call a helpline or a hospital now, "
            "and come to us later",
            "You are changing psychiatric medicines at the moment",
            "You have had seizures that are not well controlled",
        ],
        "approach": "We do not diagnose your life. A doctor rules out the bodily causes of exhaustion first, and then we "
        "give you time, structure and good company.",
    },
    {
        "slug": "weight-balance",
        "name": "Weight Balance",
        "type": "medical",
        "specialty": "nutrition",
        "min_nights": 7,
        "max_nights": 28,
        "min_age": 18,
        "max_age": 70,
        "needs_medical_review": True,
        "featured": False,
        "art": "stone",
        "tagline": "No war with your body. A new agreement.",
        "summary": "Measured food, daily movement and patient teaching, for a weight you can live with for good.",
        "sections": [
            (
                "What happens here",
                "You will eat well here: real plates, real flavours, fewer calories than you expect. "
                "Movement comes in four small portions instead of one heroic one. Each evening you learn one thing about "
                "hunger, sugar, sleep or habit, and try it out the next day.",
            ),
            (
                "Measured kindly",
                "We measure on the first and the last morning, and what we measure is more than weight: "
                "waist, strength, resting pulse, how you slept. Some of the best results never show on a scale.",
            ),
            (
                "What stays with you",
                "Twelve recipes you have cooked yourself, a movement plan for a working week, and "
                "three follow-up calls with your nutritionist.",
            ),
        ],
        "day": [
            ("06:00", "Brisk walk along the hill path"),
            ("07:30", "Strength and balance, small group"),
            ("08:45", "Breakfast with protein and fruit"),
            ("10:30", "Herbal powder massage or sauna"),
            ("13:00", "Lunch; how to build a plate"),
            ("15:30", "In the healing kitchen, or in the pool"),
            ("17:30", "Yoga for digestion"),
            ("19:00", "Supper, early and warm"),
        ],
        "included": [
            *INCLUDED,
            "A personal nutrition plan",
            "Two guided workouts a day",
            "Body measurements on two mornings",
            "Three follow-up calls after you leave",
        ],
        "suits": [
            "Weight that has come slowly and stayed",
            "The first months after stopping smoking",
            "People who have tried every strict diet once",
        ],
        "not_for": [
            "You are pregnant or breastfeeding",
            "You have had an eating disorder",
            "You had heart trouble in the last six months",
            "You had a stomach operation in the last six months",
        ],
        "approach": "Slow is the point. We aim for half a kilogram a week and for habits that survive your first festival "
        "at home.",
    },
    {
        "slug": "metabolic-reset",
        "name": "Metabolic Reset",
        "type": "medical",
        "specialty": "internal medicine",
        "min_nights": 10,
        "max_nights": 28,
        "min_age": 18,
        "max_age": 75,
        "needs_medical_review": True,
        "featured": False,
        "art": "sun",
        "tagline": "Steady sugar, steady pressure, steady days.",
        "summary": "A doctor-led course for type 2 diabetes, high blood pressure, fatty liver and thyroid troubles.",
        "sections": [
            (
                "What happens here",
                "Numbers move when food, movement, sleep and medicine move together. For ten days or "
                "more, one doctor watches all four with you, every morning, and your own physician gets a letter when you "
                "leave.",
            ),
            (
                "Watched closely",
                "Blood sugar and blood pressure are taken several times a day. Medicines are adjusted "
                "only by a doctor, in small steps, and never without your say.",
            ),
            (
                "What stays with you",
                "A breakfast, a lunch and a supper that your readings agreed with, written down; and "
                "a review call after two and after six weeks.",
            ),
        ],
        "day": [
            ("06:15", "Morning readings, then a gentle walk"),
            ("07:30", "Yoga for the back and the belly"),
            ("08:30", "Breakfast, counted so you need not count"),
            ("10:00", "Doctor's round and consultation"),
            ("11:00", "Therapy of the day"),
            ("13:00", "Lunch, and ten minutes on your feet"),
            ("16:00", "Strength training, guided"),
            ("18:30", "Breath work and evening readings"),
            ("19:00", "Supper"),
        ],
        "included": [
            *INCLUDED,
            "Daily consultation with one doctor",
            "Laboratory tests at the start and the end",
            "Guided strength training",
            "A letter to your own physician",
            "Review calls after two and six weeks",
        ],
        "suits": [
            "Type 2 diabetes, or sugar on the way there",
            "High blood pressure, fatty liver, thyroid troubles",
            "People who want to understand their medicines",
        ],
        "not_for": [
            "You have type 1 diabetes",
            "You are on dialysis",
            "You are pregnant",
            "You had a heart attack or a stroke in the last six months",
        ],
        "approach": "Internal medicine first, everything gentle second. Nothing is stopped that keeps you safe, and "
        "nothing is promised that we cannot measure.",
    },
    {
        "slug": "restful-sleep",
        "name": "Restful Sleep",
        "type": "wellness",
        "specialty": "mind",
        "min_nights": 5,
        "max_nights": 14,
        "min_age": 18,
        "max_age": 80,
        "needs_medical_review": True,
        "featured": False,
        "art": "night",
        "tagline": "The oldest medicine, given back to you.",
        "summary": "Light, warmth, timing and stillness for people who have forgotten how to sleep through.",
        "sections": [
            (
                "What happens here",
                "Sleep is made during the day. Morning light on the eyes, a real walk, a supper that is "
                "over by seven, a bath that is exactly warm enough: each is a small thing, and together they turn the "
                "clock back to where it belongs.",
            ),
            (
                "The nights",
                "A night nurse is there for those who wake, with warm tea and no bright lamp. You keep a diary "
                "rather than a gadget.",
            ),
            (
                "What stays with you",
                "A bedtime that holds, two breath exercises for three in the morning, and the list of "
                "what truly disturbs you.",
            ),
        ],
        "day": [
            ("06:30", "Light on the terrace, first thing"),
            ("07:15", "Walk and sun salutations"),
            ("09:00", "Breakfast; the last coffee of the day, if you like"),
            ("10:30", "Massage or acupuncture"),
            ("13:00", "Lunch, and at most twenty minutes of rest"),
            ("16:00", "Swimming or garden work"),
            ("18:30", "Supper"),
            ("20:30", "Warm foot bath, yoga nidra, dark"),
        ],
        "included": [
            *INCLUDED,
            "A therapy each day for deep rest",
            "Evening ritual and night nurse on call",
            "A sleep consultation at the start and the end",
        ],
        "suits": [
            "Lying awake, or waking at three",
            "Shift work and jet lag that never end",
            "The years around menopause",
        ],
        "not_for": [
            "You have severe sleep apnoea that is not treated yet",
            "You are coming off sleeping tablets or alcohol without a doctor",
            "You are in an acute mental crisis",
        ],
        "approach": "We look first for what steals the sleep: breath, pain, medicine, worry, light. Only then do we put "
        "you to bed.",
    },
    {
        "slug": "weekend-pause",
        "name": "Weekend Pause",
        "type": "lite",
        "specialty": "",
        "min_nights": 3,
        "max_nights": 4,
        "min_age": 0,
        "max_age": None,
        "needs_medical_review": False,
        "featured": True,
        "art": "wave",
        "tagline": "Three nights. No plans. Come as you are.",
        "summary": "A long weekend of sea air, slow food and one good massage, confirmed as soon as it is paid.",
        "sections": [
            (
                "What happens here",
                "Nothing, on purpose. You sleep, swim, eat at a long table or alone, join the morning "
                "yoga or do not. One massage waits for you on the second day. There is no form to fill in and no "
                "programme to follow.",
            ),
            (
                "Bring them along",
                "The only program to which children come too. There is a shallow pool, a kitchen garden "
                "that likes small hands, and supper at six for those who need it.",
            ),
            ("What stays with you", "Salt on the skin, and the suspicion that a longer stay might do even more."),
        ],
        "day": [
            ("07:30", "Sunrise yoga on the lawn, if you wake"),
            ("09:00", "Breakfast until the last guest is done"),
            ("11:00", "The pool, the library, or the path to the beach"),
            ("13:30", "Lunch from the garden"),
            ("16:00", "Massage, or tea under the banyan"),
            ("18:30", "Sunset and quiet music"),
            ("20:00", "Supper by lamplight"),
        ],
        "included": [
            "Your room and every meal, juice and herbal tea",
            "One 60-minute massage for each adult",
            "Group yoga and meditation",
            "Steam, sauna and both pools",
        ],
        "suits": [
            "A first taste of Pema",
            "Couples, friends and families",
            "Anyone who says that they cannot get away",
        ],
        "not_for": [
            "You are looking for treatment: choose one of the longer programs",
            "You are in the last ten weeks of pregnancy: please speak to us before you travel",
        ],
        "approach": "Our doctors are on the hill, and you need not see one. If you would like to, the house arranges a "
        "consultation in a quarter of an hour.",
    },
]
