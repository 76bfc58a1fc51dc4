"""What things cost: the rate card, children and caregivers, payment plans, cancellation, tax, extras.

All amounts are rupees as text, tax inclusive. The numbers are the defaults of the demo property; staff change them
as data.
"""

# room type: nights from-to (None = no end), single, double occupancy, per room and night
RATE_CARD = {
    "standard": [(3, 7, "47000.00", "83000.00"), (8, None, "45000.00", "79000.00")],
    "premium-balcony": [(3, 7, "60000.00", "98000.00"), (8, None, "57000.00", "93000.00")],
    "premium-garden": [(3, 7, "64000.00", "107000.00"), (8, None, "61000.00", "102000.00")],
    "executive": [(3, 7, "84000.00", "130000.00"), (8, None, "80000.00", "124000.00")],
    "garden-executive-suite": [(3, 7, "120000.00", "160000.00"), (8, None, "125000.00", "165000.00")],
    "executive-junior-suite": [(3, 7, "130000.00", "177000.00"), (8, None, "124000.00", "169000.00")],
    "elemental-villa": [(3, 7, "200000.00", "260000.00"), (8, None, "190000.00", "250000.00")],
    "pema-suite": [(3, 7, "290000.00", "370000.00"), (8, None, "280000.00", "350000.00")],
}
BAND_NAMES = {(3, 7): "3-7 nights", (8, None): "8 nights and more"}

CHILD_RATES = [(0, 4, "0.00"), (5, 12, "7000.00")]  # age from-to, per child and night

# room type: caregiver sharing the room, caregiver in an own room, per night; absent = free
CAREGIVER_RATES = {
    "standard": ("8000.00", "20000.00"),
    "premium-balcony": ("8000.00", "25000.00"),
    "premium-garden": ("8000.00", "28000.00"),
}
CAREGIVER_FREE = ("0.00", "0.00")

PAYMENT_PLANS = [
    {
        "code": "deposit",
        "name": "Deposit, half, balance at check-in",
        "kind": "deposit",
        "deposit_amount": "50000.00",
        "middle_percent": 50,
        "middle_due_days": 7,
        "middle_days_before_arrival": 3,
    },
    {"code": "full", "name": "Everything at booking", "kind": "full", "deposit_amount": "0.00"},
]

# From far to near; a tier holds from `min_days` whole property-local days before the arrival upwards.
CANCELLATION = {
    "name": "Standard",
    "version": 1,
    "valid_from": "2025-01-01",
    "tiers": [{"min_days": 8, "percent": 100}, {"min_days": 3, "percent": 50}, {"min_days": 0, "percent": 0}],
}

# Accommodation is judged per room and night by its value before tax: up to the threshold the low rate.
TAX_RULES = [
    {
        "code": "accommodation",
        "sac": "996311",
        "valid_from": "2022-07-18",
        "threshold": "7500.00",
        "rate_low": "12.00",
        "rate_high": "18.00",
    },
    {
        "code": "accommodation",
        "sac": "996311",
        "valid_from": "2025-09-22",
        "threshold": "7500.00",
        "rate_low": "5.00",
        "rate_high": "18.00",
    },
]

EXTRAS = [
    {
        "code": "airport-transfer",
        "name": "Airport transfer",
        "basis": "stay",
        "amount": "4500.00",
        "gst_rate": "5.00",
        "max_quantity": 4,
        "description": "A quiet electric car from and to Visakhapatnam airport, with water and a cool towel waiting.",
    },
    {
        "code": "private-yoga",
        "name": "Private yoga",
        "basis": "person",
        "amount": "3500.00",
        "gst_rate": "5.00",
        "max_quantity": 10,
        "description": "One hour on your own deck or ours, shaped to how your body feels that morning.",
    },
    {
        "code": "abhyanga-massage",
        "name": "Abhyanga massage",
        "basis": "person",
        "amount": "6500.00",
        "gst_rate": "5.00",
        "max_quantity": 10,
        "description": "Warm herbal oil, two therapists, one rhythm. Seventy-five minutes, then an hour of nothing.",
    },
    {
        "code": "guided-beach-walk",
        "name": "Guided beach walk",
        "basis": "person",
        "amount": "1500.00",
        "gst_rate": "5.00",
        "max_quantity": 10,
        "description": "Down to Rushikonda before sunrise, barefoot along the wet sand, back in time for breakfast.",
    },
    {
        "code": "sound-evening",
        "name": "Sound evening",
        "basis": "person",
        "amount": "2800.00",
        "gst_rate": "5.00",
        "max_quantity": 10,
        "description": "Bronze bowls and a tanpura under the banyan. You lie down; the rest happens by itself.",
    },
    {
        "code": "healing-kitchen",
        "name": "An afternoon in the healing kitchen",
        "basis": "person",
        "amount": "4000.00",
        "gst_rate": "18.00",
        "max_quantity": 4,
        "description": "Cook three of the dishes you have eaten here, and take the recipes home.",
    },
    {
        "code": "fresh-flowers",
        "name": "Fresh flowers in your room",
        "basis": "night",
        "amount": "900.00",
        "gst_rate": "18.00",
        "max_quantity": 1,
        "description": "Jasmine, lotus or marigold from the garden, changed each morning.",
    },
    {
        "code": "late-checkout",
        "name": "Late check-out",
        "basis": "stay",
        "amount": "12000.00",
        "gst_rate": "18.00",
        "max_quantity": 1,
        "description": "Keep your room until 18:00 on the day you leave. One more nap, one more swim.",
    },
    {
        "code": "evening-attendant",
        "name": "Evening attendant",
        "basis": "person_night",
        "amount": "3200.00",
        "gst_rate": "18.00",
        "max_quantity": 4,
        "description": "A trained attendant within call from dusk to dawn, for guests who would rather not be alone.",
    },
]
