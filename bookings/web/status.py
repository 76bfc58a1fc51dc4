"""Where a stay stands, in a badge and a sentence. Decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.models import StayBooking
from bookings.queries import NextStep, StayFacts
from bookings.states import Clearance, State
from core.nights import local_date

S = State
BADGES: dict[str, tuple[Any, str]] = {
    S.HELD: (gettext_lazy("Kept while you pay"), "act"),
    S.PENDING_MEDICAL: (gettext_lazy("Guest form awaited"), "act"),
    S.IN_REVIEW: (gettext_lazy("With our doctor"), "wait"),
    S.ON_HOLD: (gettext_lazy("A question for you"), "act"),
    S.APPROVED: (gettext_lazy("Approved"), "good"),
    S.CONFIRMED: (gettext_lazy("Confirmed"), "good"),
    S.CHECKED_IN: (gettext_lazy("You are here"), "good"),
    S.COMPLETED: (gettext_lazy("Completed"), "past"),
    S.EXPIRED: (gettext_lazy("Not paid in time"), "past"),
    S.CANCELLED: (gettext_lazy("Cancelled"), "bad"),
    S.NOT_SUITABLE: (gettext_lazy("Not possible"), "bad"),
    S.NO_SHOW: (gettext_lazy("Did not arrive"), "past"),
}
SENTENCES: dict[str, Any] = {
    S.HELD: gettext_lazy("Your room is kept for you. It is yours as soon as the first payment has arrived."),
    S.PENDING_MEDICAL: gettext_lazy("Your room is yours. Now we would like to know you a little."),
    S.IN_REVIEW: gettext_lazy("Your room is yours. Our doctor is reading your form."),
    S.ON_HOLD: gettext_lazy("Your room is yours. Our doctor would like to know one more thing."),
    S.APPROVED: gettext_lazy("Our doctor welcomes you. One payment, and your stay is confirmed."),
    S.CONFIRMED: gettext_lazy("Everything is ready for you."),
    S.CHECKED_IN: gettext_lazy("You are with us. Ask at the front desk for whatever would make it better."),
    S.COMPLETED: gettext_lazy("Thank you for staying with us."),
    S.EXPIRED: gettext_lazy("The payment did not come in time, so the room went back. Nothing was charged."),
    S.CANCELLED: gettext_lazy("This stay is cancelled."),
    S.NOT_SUITABLE: gettext_lazy("We cannot host this stay. Everything you paid goes back the way it came."),
    S.NO_SHOW: gettext_lazy("We were waiting for you, and you did not come. Write to us if something happened."),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One stay in a list."""

    booking: StayBooking
    title: str
    badge: str
    kind: str
    href: str
    step: NextStep
    nights: int
    passed: int | None


def row(facts: StayFacts, *, at: datetime) -> Row:
    booking = facts.booking
    label, kind = badge(booking)
    return Row(
        booking=booking,
        title=title(booking),
        badge=label,
        kind=kind,
        href=reverse("bookings:stay", args=[booking.reference]),
        step=facts.next_step,
        nights=len(booking.nights),
        passed=nights_passed(booking, at=at),
    )


def badge(booking: StayBooking) -> tuple[str, str]:
    words, kind = BADGES[booking.state]
    if booking.state == S.APPROVED and booking.clearance == Clearance.NOT_NEEDED:
        words = _("Reserved")
    return str(words), kind


def sentence(booking: StayBooking) -> str:
    """Where the stay stands, for the top of its page."""
    if booking.state == S.APPROVED and booking.clearance == Clearance.NOT_NEEDED:
        return _("Your room is yours. One more payment, and your stay is confirmed.")
    return str(SENTENCES[booking.state])


def title(booking: StayBooking) -> str:
    return _("%(program)s at %(house)s") % {"program": booking.program.name, "house": booking.property.name}


def room_names(booking: StayBooking) -> str:
    """ "Standard" or "2 × Standard, Executive"."""
    counts: dict[str, int] = {}
    for booked in booking.rooms.all():
        counts[booked.room_type.name] = counts.get(booked.room_type.name, 0) + 1
    return ", ".join(name if count == 1 else f"{count} × {name}" for name, count in counts.items())


def nights_passed(booking: StayBooking, *, at: datetime) -> int | None:
    """How many nights the guest has slept here, or None while the stay lies ahead."""
    if booking.state == S.COMPLETED:
        return len(booking.nights)
    if booking.state != S.CHECKED_IN:
        return None
    passed = (local_date(at, booking.property.time_zone) - booking.check_in).days
    return min(max(passed, 0), len(booking.nights))


def hold_runs(booking: StayBooking, *, at: datetime) -> bool:
    """True while a hold still runs."""
    return booking.state == S.HELD and bool(booking.hold_expires_at) and booking.hold_expires_at > at
