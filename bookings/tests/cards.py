"""A rate card of plain values for tests of the pure price function: the demo's figures, no tables."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from bookings.domain.ratecard import (
    Band,
    ChildFacts,
    ExtraFacts,
    Plan,
    PolicyFacts,
    ProgramFacts,
    RateCard,
    Tax,
    TypeFacts,
)

AT = datetime(2027, 1, 1, 6, 0, tzinfo=UTC)
DEPOSIT = Plan("deposit", "deposit", Decimal(50000), 50, 7, 3)
FULL = Plan("full", "full", Decimal(0), 50, 7, 3)
LADDER = ((8, 100), (3, 50), (0, 0))


def band(number: int, single: int, double: int, **changes) -> Band:
    base = Band(
        id=number,
        label=f"Band {number}",
        program_id=None,
        room_type_id=None,
        nights_min=1,
        nights_max=None,
        season_from=None,
        season_to=None,
        weekdays=(),
        single=Decimal(single),
        double=Decimal(double),
        extra_adult=None,
        priority=0,
        created_at=AT,
    )
    return replace(base, **changes)


def card(**changes) -> RateCard:
    standard = TypeFacts(1, "standard", "Standard", 2, 2, 4, DEPOSIT, Decimal(8000), Decimal(20000))
    suite = TypeFacts(2, "pema-suite", "Pema Suite", 2, 2, 4, FULL, Decimal(0), Decimal(0))
    base = RateCard(
        time_zone="Asia/Kolkata",
        min_nights=3,
        horizon_days=365,
        types={"standard": standard, "pema-suite": suite},
        programs={
            "detox": ProgramFacts(1, "detox", "Detox", 5, 21, True),
            "weekend-pause": ProgramFacts(2, "weekend-pause", "Weekend pause", 3, 7, False),
        },
        bands=(
            band(1, 47000, 83000, room_type_id=1, nights_min=3, nights_max=7, label="Wellness 3-7 nights"),
            band(2, 45000, 79000, room_type_id=1, nights_min=8, label="Wellness 8+ nights"),
            band(3, 290000, 370000, room_type_id=2, nights_min=3, nights_max=7),
            band(4, 280000, 350000, room_type_id=2, nights_min=8),
        ),
        children=(ChildFacts(0, 4, Decimal(0)), ChildFacts(5, 12, Decimal(7000))),
        taxes=(Tax(date(2025, 9, 22), Decimal(7500), Decimal(5), Decimal(18)),),
        extras={
            "airport-transfer": ExtraFacts(
                "airport-transfer", "Airport transfer", "stay", Decimal(3500), Decimal(18), 4
            ),
            "massage": ExtraFacts("massage", "Massage", "person_night", Decimal(2000), Decimal(5), 2),
        },
        policies=(PolicyFacts(1, "House", 1, None, None, date(2025, 1, 1), LADDER),),
    )
    return replace(base, **changes)
