"""What messages and pages say about a stay: dates in words, rupees in Indian digits. Never a medical word."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bookings.domain import access
from bookings.models import StayBooking
from core.money import ZERO, format_inr
from core.phones import shown
from notifications.domain import messages, reminders
from notifications.domain.routes import Purpose, route_of
from payments.domain import folio as folios


def day(value: date) -> str:
    """Fri 3 May 2027"""
    return f"{value:%a} {value.day} {value:%b %Y}"


def moment(value: datetime, zone: str) -> str:
    """Fri 3 May 2027, 4:30 pm IST"""
    local = value.astimezone(ZoneInfo(zone))
    return f"{day(local.date())}, {clock(local.time())} {local.tzname()}"


def clock(value: time | str) -> str:
    """4:30 pm. Also takes "16:30", as a default stands on a row that was never read back."""
    value = time.fromisoformat(value) if isinstance(value, str) else value
    return f"{value.hour % 12 or 12}:{value:%M} {'am' if value.hour < 12 else 'pm'}"


def context(booking: StayBooking, *, page: str = "stay") -> dict[str, Any]:
    """The frozen words of a message about `booking` (keys: docs/messages.md)."""
    paid = folios.counted(booking.folio)
    home = booking.property
    return {
        "guest_name": booking.contact_name,
        "reference": booking.reference,
        "program": booking.program.name,
        "room": ", ".join(room.room_type.name for room in booking.rooms.select_related("room_type")),
        "check_in": day(booking.check_in),
        "check_out": day(booking.check_out),
        "nights": len(booking.nights),
        "total": format_inr(booking.total),
        "paid": format_inr(paid),
        "balance": format_inr(max(folios.owed(booking.folio), ZERO)),
        "check_in_time": clock(home.check_in_time),
        "check_out_time": clock(home.check_out_time),
        "link": access.link(booking.reference, page),
        "property": {"name": home.name, "phone": shown(home.phone), "email": home.email, "address": home.address},
    }


def tell(
    booking: StayBooking,
    template: str,
    *,
    at: datetime,
    once: str = "",
    page: str = "stay",
    attachments: list[dict[str, str]] | None = None,
    **more: Any,
) -> None:
    """Promise a message about `booking`; `once` tells repeated kinds apart (a payment's id, a reminder's name).

    It goes by mail; a reminder also over what the owner of the account has chosen.
    """
    key, words = f"{booking.reference}:{template}:{once}", {**context(booking, page=page), **more}
    messages.promise(
        template,
        key=key,
        subject_of=booking.subject,
        recipient=booking.contact_email,
        recipient_name=booking.contact_name,
        context=words,
        attachments=attachments,
        at=at,
    )
    if route_of(template).purpose == Purpose.REMINDER and booking.user is not None:
        door, owner = access.front_door(booking.reference), booking.user
        reminders.promise(owner, template, key=key, subject_of=booking.subject, context=words, page=door, at=at)
