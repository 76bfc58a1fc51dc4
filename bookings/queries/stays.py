"""Stays with their figures: the same few queries for one stay and for a page of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from bookings.models import StayBooking
from bookings.queries.steps import NextStep, next_step
from bookings.states import HOLDS_STOCK
from core.money import ZERO
from payments.domain.folio import CHARGES, counted_of
from payments.models import Folio, FolioLine, Instalment, Payment
from payments.queries import standings


@dataclass(frozen=True, slots=True)
class Due:
    """One step of the payment schedule: `amount` rupees. `state` is done, now or ahead; `due` "now" or a date."""

    milestone: str
    label: str
    amount: Decimal
    paid_total: Decimal
    due: date | str
    state: str


@dataclass(frozen=True, slots=True)
class StayFacts:
    """A stay with what its folio says; rupees."""

    booking: StayBooking
    charges: Decimal
    paid: Decimal
    balance: Decimal
    schedule: list[Due]
    next_step: NextStep


def facts(booking: StayBooking, *, at: datetime) -> StayFacts:
    """One stay with its figures."""
    return facts_of([booking], at=at)[0]


def facts_of(bookings: Sequence[StayBooking], *, at: datetime) -> list[StayFacts]:
    """Many stays with their figures, in four queries."""
    folio_ids = [booking.folio_id for booking in bookings]
    figures, counts = standings(folio_ids), counted_of(folio_ids)
    steps: dict[int, list[Instalment]] = {pk: [] for pk in folio_ids}
    for row in Instalment.objects.filter(folio_id__in=folio_ids).order_by("position"):
        steps[row.folio_id].append(row)
    pending = Payment.objects.filter(folio_id__in=folio_ids, state=Payment.State.PENDING)
    busy = set(pending.values_list("folio_id", flat=True))
    found = []
    for booking in bookings:
        pk, charges, paid = booking.folio_id, figures[booking.folio_id].charges, counts[booking.folio_id]
        found.append(
            StayFacts(
                booking=booking,
                charges=charges,
                paid=paid,
                balance=max(charges - paid, ZERO),
                schedule=_schedule(booking, steps[pk], paid),
                next_step=next_step(booking, at=at, paid=paid, instalments=steps[pk], bank_busy=pk in busy),
            )
        )
    return found


def lines(folio: Folio) -> list[FolioLine]:
    """What the guest is charged for, line by line; payments and refunds are told elsewhere."""
    return [line for line in folio.lines.all() if line.kind in CHARGES]


def milestone_label(milestone: str) -> str:
    return {
        "deposit": _("Deposit"),
        "half": _("Up to half of your stay"),
        "balance": _("Rest of your stay"),
        "full": _("Everything"),
    }[milestone]


def upcoming(bookings: QuerySet[StayBooking], *, today: date) -> QuerySet[StayBooking]:
    """Stays that are still to come or under way on the property-local date `today`, soonest first."""
    return bookings.filter(state__in=HOLDS_STOCK, check_out__gte=today).order_by("check_in", "id")


def past(bookings: QuerySet[StayBooking], *, today: date) -> QuerySet[StayBooking]:
    """All others, latest first."""
    return bookings.filter(~Q(state__in=HOLDS_STOCK) | Q(check_out__lt=today)).order_by("-check_in", "-id")


def with_people(bookings: QuerySet[StayBooking]) -> QuerySet[StayBooking]:
    """Everything a booking answer shows, in a constant number of queries."""
    return bookings.select_related("property", "program", "folio").prefetch_related(
        "rooms__room_type", "guests", "folio__lines"
    )


def staff_list(
    stays: QuerySet[StayBooking],
    *,
    states: Iterable[str] = (),
    arriving_from: date | None = None,
    arriving_to: date | None = None,
) -> QuerySet[StayBooking]:
    """Of `stays`, what the back office looks for, newest first."""
    found = stays.order_by("-created_at", "-id")
    if wanted := list(states):
        found = found.filter(state__in=wanted)
    if arriving_from:
        found = found.filter(check_in__gte=arriving_from)
    if arriving_to:
        found = found.filter(check_in__lte=arriving_to)
    return found


def _schedule(booking: StayBooking, instalments: Sequence[Instalment], paid: Decimal) -> list[Due]:
    zone = ZoneInfo(booking.property.time_zone)
    found, before, open_seen = [], ZERO, False
    for row in instalments:
        done = row.paid_total <= paid
        if not done and not booking.holds_stock:
            break  # the stay is over: nobody is asked for the rest of its schedule
        state = "done" if done else "ahead" if open_seen or row.opened_at is None else "now"
        open_seen = open_seen or state == "now"
        found.append(
            Due(
                milestone=row.milestone,
                label=milestone_label(row.milestone),
                amount=row.paid_total - before,
                paid_total=row.paid_total,
                due="now" if row.due_at is None else row.due_at.astimezone(zone).date(),
                state=state,
            )
        )
        before = row.paid_total
    return found
