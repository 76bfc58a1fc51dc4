"""What messages and pages say about a stay: dates in words, rupees in Indian digits. Never a medical word."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bookings.domain import access
from bookings.models import StayBooking
from core.money import ZERO, format_inr
from notifications.domain import messages
from payments.domain import folio as folios


def day(value: date) -> str:
    """Fri 3 May 2027"""
    return f"{value:%a} {value.day} {value:%b %Y}"


def moment(value: datetime, zone: str) -> str:
    """Fri 3 May 2027, 16:30 IST"""
    local = value.astimezone(ZoneInfo(zone))
    return f"{day(local.date())}, {local:%H:%M} {local.tzname()}"


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
        "check_in_time": f"{home.check_in_time:%H:%M}",
        "check_out_time": f"{home.check_out_time:%H:%M}",
        "link": access.link(booking.reference, page),
        "property": {"name": home.name, "phone": home.phone, "email": home.email, "address": home.address},
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
    """Promise a message about `booking`; `once` tells repeated kinds apart (a payment's id, a reminder's name)."""
    messages.promise(
        template,
        key=f"{booking.reference}:{template}:{once}",
        subject_of=booking.subject,
        recipient=booking.contact_email,
        recipient_name=booking.contact_name,
        context={**context(booking, page=page), **more},
        attachments=attachments,
        at=at,
    )
