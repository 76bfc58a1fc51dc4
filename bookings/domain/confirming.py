"""Approved or confirmed: which of the two, by what is paid; and what confirming brings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bookings.domain import access, lifecycle, milestones
from bookings.domain.words import clock, day, tell
from bookings.models import StayBooking
from bookings.states import State
from core.actors import Actor
from core.money import ZERO, format_inr
from notifications.domain.calendar import stay_event
from payments.domain import folio as folios


def confirm_or_approve(booking: StayBooking, event: str, *, by: Actor, at: datetime, **fields: Any) -> None:
    """Move a locked, cleared booking on: confirmed when the middle milestone is paid, else approved.

    A payment on an approved booking that does not reach the milestone leaves it approved.
    """
    paid = folios.counted(booking.folio)
    if paid >= milestones.confirming_total(booking):
        if booking.approved_at is None:
            fields["approved_at"] = at
        lifecycle.move(booking, event, State.CONFIRMED, by=by, at=at, **fields)
        _tell_confirmed(booking, at)
    elif booking.state != State.APPROVED:
        lifecycle.move(booking, event, State.APPROVED, by=by, at=at, approved_at=at, **fields)
        step = milestones.next_instalment(booking)
        tell(
            booking,
            "stay_approved",
            at=at,
            once=at.isoformat(),
            page="pay",
            **dict[str, Any](milestones.words(step, booking.property.time_zone)),
        )


def _tell_confirmed(booking: StayBooking, at: datetime) -> None:
    owed = max(folios.owed(booking.folio), ZERO)
    tell(
        booking,
        "stay_confirmed",
        at=at,
        once=at.isoformat(),
        attachments=[{"name": "stay.ics", "type": "text/calendar", "text": calendar_file(booking, at=at)}],
        balance_due=day(booking.check_in) if owed else "",
        balance=format_inr(owed),
    )


def calendar_file(booking: StayBooking, *, at: datetime) -> str:
    """The stay as an .ics text: one all-day event, nothing medical in it.

    Calendars are shared and synchronised: the address in it asks who is there, and opens nothing by itself.
    """
    home = booking.property
    return stay_event(
        uid=f"{booking.reference}@pema",
        title=f"Stay at {home.name}",
        place=", ".join(part for line in (home.name, *home.address.splitlines()) if (part := line.strip(" ,"))),
        description=f"Booking {booking.reference}. Arrival from {clock(home.check_in_time)}, "
        f"departure until {clock(home.check_out_time)}.",
        url=access.front_door(booking.reference),
        check_in=booking.check_in,
        check_out=booking.check_out,
        at=at,
    )
