"""The retreat: address, room types, the 76 rooms. Prices are in `rates.py`."""

from backoffice.demo.gstin import with_check

PROPERTY = {
    "slug": "pema-wellness",
    "name": "Pema Wellness",
    "tagline": "A quiet place to begin again.",
    "description": (
        "On a forested hill above the Bay of Bengal, Pema is a retreat for people who want to be well, and not "
        "only rested. Twenty-eight acres, seventy-six rooms, a small team of doctors and therapists, and long "
        "unhurried days between the trees and the sea."
    ),
    "time_zone": "Asia/Kolkata",
    "currency": "INR",
    "address": {
        "line1": "Healing Hills, Rushikonda",
        "line2": "Beach Road",
        "city": "Visakhapatnam",
        "state": "Andhra Pradesh",
        "state_code": "37",
        "postcode": "530045",
        "country": "IN",
    },
    "latitude": "17.791700",
    "longitude": "83.379200",
    "phone": "+918915550100",
    "email": "stay@pema.example",
    "legal_name": "Pema Retreats Demo Private Limited",
    "gstin": with_check("37AAGCP4821L1Z"),  # a made-up PAN
    "check_in_time": "14:00",
    "check_out_time": "11:00",
    "min_nights": 3,
    "horizon_days": 365,
    "ids_hotel_code": "PEMA01",
}

EVERY_ROOM = [
    "Garden-fresh meals",
    "Filtered spring water",
    "Yoga mat and bolsters",
    "Herbal tea tray",
    "Organic linen",
    "Rain shower",
    "Writing desk",
    "Quiet air conditioning",
    "Wi-Fi, off by default",
    "Digital safe",
]

# One entry per type, in the order in which they are shown. `ids_codes` maps the kind of bed to the code of the
# property's own system; `numbers` are (first, last, bed, wing, floor).
ROOM_TYPES = [
    {
        "slug": "standard",
        "name": "Standard",
        "category": "room",
        "plan": "deposit",
        "ids_codes": {"twin": "STT", "queen": "STQ"},
        "numbers": [(201, 208, "queen", "Neem House", 1), (209, 215, "twin", "Neem House", 2)],
        "size_sqm": 32,
        "view": "Courtyard and neem trees",
        "bed": "One queen bed or two single beds",
        "tagline": "Everything you need, and nothing that asks for attention.",
        "description": (
            "A still, cool room around a shaded courtyard. Lime-washed walls, a low bed, a window seat for the hour "
            "after lunch. From here it is two minutes to the therapy rooms and one to the kitchen garden, so the day "
            "never hurries you."
        ),
        "amenities": [*EVERY_ROOM, "Window seat", "Courtyard access"],
    },
    {
        "slug": "premium-balcony",
        "name": "Premium Balcony",
        "category": "room",
        "plan": "deposit",
        "ids_codes": {"twin": "PBT", "queen": "PBQ"},
        "numbers": [(301, 312, "queen", "Palm House", 1), (313, 319, "twin", "Palm House", 2)],
        "size_sqm": 40,
        "view": "Sea, over the palms",
        "bed": "One queen bed or two single beds",
        "tagline": "First light comes in from the water.",
        "description": (
            "The balcony is the room here: deep enough for two chairs and a morning on your own breath, with the bay "
            "below and the palms moving. Inside, warm wood, a long bath and the kind of dark that lets you sleep."
        ),
        "amenities": [*EVERY_ROOM, "Private balcony", "Soaking bath", "Sunrise view"],
    },
    {
        "slug": "premium-garden",
        "name": "Premium Garden",
        "category": "room",
        "plan": "deposit",
        "ids_codes": {"twin": "PGT"},
        "numbers": [(401, 419, "twin", "Tulsi House", 0)],
        "size_sqm": 44,
        "view": "Private patch of garden",
        "bed": "Two single beds, joined on request",
        "tagline": "Bare feet on grass before breakfast.",
        "description": (
            "A door that opens straight into green. Each garden room keeps its own walled patch of tulsi, jasmine and "
            "grass, with a daybed in the shade. Ground floor and step-free, it is the easiest room of all to come and "
            "go from."
        ),
        "amenities": [*EVERY_ROOM, "Private garden", "Daybed", "Step-free access", "Soaking bath"],
    },
    {
        "slug": "executive",
        "name": "Executive",
        "category": "room",
        "plan": "deposit",
        "ids_codes": {"twin": "EXT", "queen": "EXQ"},
        "numbers": [(101, 106, "queen", "Banyan House", 1), (107, 109, "twin", "Banyan House", 1)],
        "size_sqm": 52,
        "view": "Hill and sea",
        "bed": "One queen bed or two single beds",
        "tagline": "Room for two quiet lives.",
        "description": (
            "A wide room with a sitting corner of its own, so that one can read while the other sleeps. The terrace "
            "looks along the hill to the bay, and a second washroom makes sharing graceful. A companion who cares for "
            "you stays here without a surcharge."
        ),
        "amenities": [
            *EVERY_ROOM,
            "Terrace",
            "Sitting corner",
            "Second washroom",
            "Soaking bath",
            "Caregiver stays free",
        ],
    },
    {
        "slug": "garden-executive-suite",
        "name": "Garden Executive Suite",
        "category": "suite",
        "plan": "full",
        "ids_codes": {"queen": "GES"},
        "numbers": [(110, 111, "queen", "Banyan House", 0)],
        "size_sqm": 74,
        "view": "Walled garden with a banyan",
        "bed": "One queen bed and a daybed",
        "tagline": "A house of your own, folded into the garden.",
        "description": (
            "Two rooms and a garden around one old banyan. A living room for visits and long letters, a bedroom that "
            "closes away from the day, and treatments in your own garden pavilion whenever the weather is kind."
        ),
        "amenities": [
            *EVERY_ROOM,
            "Separate living room",
            "Walled garden",
            "Treatment pavilion",
            "Soaking bath",
            "Step-free access",
            "Caregiver stays free",
        ],
    },
    {
        "slug": "executive-junior-suite",
        "name": "Executive Junior Suite",
        "category": "suite",
        "plan": "full",
        "ids_codes": {"queen": "SUI"},
        "numbers": [(112, 113, "queen", "Banyan House", 2)],
        "size_sqm": 80,
        "view": "Open sea",
        "bed": "One king-size bed and a daybed",
        "tagline": "High, bright and entirely unhurried.",
        "description": (
            "The top of Banyan House: a bedroom and a bright living room under one long roof, with windows on three "
            "sides. You see the weather arrive. A small practice deck faces east, for the first salutation of the day."
        ),
        "amenities": [
            *EVERY_ROOM,
            "Living area",
            "Private practice deck",
            "Steam shower",
            "Soaking bath",
            "Caregiver stays free",
        ],
    },
    {
        "slug": "elemental-villa",
        "name": "Elemental Villa",
        "category": "villa",
        "plan": "full",
        "ids_codes": {"queen": "PEV"},
        "numbers": [(501, 505, "queen", "The Villas", 0)],
        "size_sqm": 140,
        "view": "Forest edge and sea",
        "bed": "One king-size bed and two daybeds",
        "tagline": "Earth, water, air, fire, space. And you.",
        "description": (
            "Five villas at the edge of the forest, each with its own plunge pool, treatment room and fire bowl for "
            "the evenings. Your therapist comes to you; your meals can too. Days pass here without a single door that "
            "you do not wish to open."
        ),
        "amenities": [
            *EVERY_ROOM,
            "Plunge pool",
            "Private treatment room",
            "Outdoor shower",
            "Fire bowl",
            "Villa host",
            "Caregiver stays free",
        ],
    },
    {
        "slug": "pema-suite",
        "name": "Pema Suite",
        "category": "suite",
        "plan": "full",
        "ids_codes": {"queen": "PES"},
        "numbers": [(114, 118, "queen", "Lotus House", 1)],
        "size_sqm": 165,
        "view": "The whole bay",
        "bed": "One king-size bed, with a second bedroom for a companion",
        "tagline": "The stillest rooms on the hill.",
        "description": (
            "Our five finest rooms, named for the lotus. A bedroom for you and one for whoever comes with you, a "
            "library, a treatment room, a long veranda above the bay. A host who knows when to appear, and a doctor "
            "who calls on you here rather than the other way round."
        ),
        "amenities": [
            *EVERY_ROOM,
            "Second bedroom",
            "Library",
            "Private treatment room",
            "Veranda over the bay",
            "Personal host",
            "Doctor's visits in the suite",
            "Caregiver stays free",
        ],
    },
]

OCCUPANCY = {"max_adults": 2, "max_children": 2, "max_people": 4, "adult_from_age": 13}


def rooms():
    """Every physical room: (number, room type slug, bed, wing, floor), in the order of the tape chart."""
    return [
        (str(number), room_type["slug"], bed, wing, floor)
        for room_type in ROOM_TYPES
        for first, last, bed, wing, floor in room_type["numbers"]
        for number in range(first, last + 1)
    ]
