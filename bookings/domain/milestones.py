"""Which milestone comes next, and what being paid means for the state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bookings.domain.ratecard import Plan
from bookings.domain.schedule import middle_due
from bookings.domain.words import day
from bookings.models import StayBooking
from core.money import ZERO, format_inr
from core.nights import local_date
from payments.domain import folio as folios
from payments.models import Instalment


@dataclass(frozen=True, slots=True)
class Next:
    """The next instalment: `amount` rupees to pay by `due_at`."""

    milestone: str
    amount: Decimal
    due_at: datetime | None


def plan_of(booking: StayBooking) -> Plan:
    """The payment plan the stay was sold under."""
    terms: dict[str, Any] = booking.terms["plan"]
    return Plan(
        terms["code"],
        terms["kind"],
        Decimal(terms["deposit"]),
        terms["middle_percent"],
        terms["middle_due_days"],
        terms["middle_days_before_arrival"],
    )


def next_instalment(booking: StayBooking, *, opened_only: bool = True) -> Next | None:
    """The first milestone that is not reached yet (and is payable now), or None."""
    paid = folios.counted(booking.folio)
    for row in Instalment.objects.filter(folio=booking.folio).order_by("position"):
        if row.paid_total > paid:
            if opened_only and row.opened_at is None:
                return None
            return Next(row.milestone, row.paid_total - paid, row.due_at)
    return None


def payable(booking: StayBooking) -> list[Next]:
    """Every milestone that may be paid now, the next one first; a later one includes those before it."""
    paid = folios.counted(booking.folio)
    rows = Instalment.objects.filter(folio=booking.folio, opened_at__isnull=False).order_by("position")
    return [Next(row.milestone, row.paid_total - paid, row.due_at) for row in rows if row.paid_total > paid]


def confirming_total(booking: StayBooking) -> Decimal:
    """Rupees that must be paid before the stay is confirmed: the middle milestone, or all there is before it."""
    rows = list(Instalment.objects.filter(folio=booking.folio).order_by("position"))
    before_balance = [row for row in rows if row.milestone != Instalment.Milestone.BALANCE] or rows
    return max((row.paid_total for row in before_balance), default=ZERO)


def open_after_approval(booking: StayBooking, *, at: datetime) -> None:
    """The rest becomes payable: the middle within 7 days (and 3 before arrival), the balance by arrival."""
    zone = ZoneInfo(booking.property.time_zone)
    plan = plan_of(booking)
    today = local_date(at, booking.property.time_zone)
    due = middle_due(plan, approved_on=today, check_in=booking.check_in)
    folios.open_milestones(
        booking.folio,
        at=at,
        due={
            "half": datetime.combine(due, time(23, 59), zone),
            "balance": datetime.combine(booking.check_in, time(23, 59), zone),
        },
    )


def words(step: Next | None, zone: str) -> dict[str, str]:
    """`amount` and `due` of a message; empty when nothing is due."""
    if step is None:
        return {"amount": "", "due": ""}
    due = day(step.due_at.astimezone(ZoneInfo(zone)).date()) if step.due_at else ""
    return {"amount": format_inr(step.amount), "due": due}
