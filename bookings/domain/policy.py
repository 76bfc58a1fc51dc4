"""What comes back when a stay is cancelled. Pure; the ladder is data, snapshotted on the booking when it is sold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from bookings.domain.ratecard import PolicyFacts
from core.errors import Invalid
from core.money import percent_of

Tiers = tuple[tuple[int, int], ...]  # (days before arrival at least, percent back), from far to near


@dataclass(frozen=True, slots=True)
class Row:
    """Cancel until the end of `until` (property-local, None: no limit) and `percent` of what you paid comes back."""

    until: date | None
    percent: int
    amount: Decimal


def percent_back(tiers: Tiers, *, check_in: date, today: date) -> int:
    """The percentage for cancelling on the property-local date `today`."""
    days = (check_in - today).days
    for min_days, percent in tiers:
        if days >= min_days:
            return percent
    return 0


def refund_due(tiers: Tiers, *, paid: Decimal, check_in: date, today: date) -> Decimal:
    """Rupees that come back of `paid`; never more than was paid."""
    return percent_of(max(paid, Decimal("0.00")), percent_back(tiers, check_in=check_in, today=today))


def rows(tiers: Tiers, *, paid: Decimal, check_in: date, today: date) -> list[Row]:
    """The ladder as dated rows in rupees, from now on; rungs that have passed are left out."""
    found: list[Row] = []
    for min_days, percent in tiers:
        until = check_in - timedelta(days=min_days)
        if until >= today:
            found.append(Row(until, percent, percent_of(paid, percent)))
    return found


def choose(policies: tuple[PolicyFacts, ...], *, program_id: int, room_type_id: int, today: date) -> PolicyFacts:
    """The policy in force: the program's, else the room type's, else the property's; newest version first.

    Raises Invalid("no_policy") when the property has none.
    """
    valid = [policy for policy in policies if policy.valid_from <= today]
    for matches in (
        [p for p in valid if p.program_id == program_id],
        [p for p in valid if p.program_id is None and p.room_type_id == room_type_id],
        [p for p in valid if p.program_id is None and p.room_type_id is None],
    ):
        if matches:
            return max(matches, key=lambda policy: (policy.valid_from, policy.version))
    raise Invalid("no_policy", "This stay cannot be sold yet: it has no cancellation terms.")
