"""A guest who has lost the mail asks for the link to the stay again. The answer never tells whether the stay exists."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.domain import limits
from accounts.domain.limits import Limit
from bookings.domain.access import MAX_AGE
from bookings.domain.words import day, tell
from bookings.models import StayBooking
from core.references import normalise

ASKED_FROM = Limit("stay-link-from", 20, timedelta(hours=1))
ASKED_FOR = Limit("stay-link", 5, timedelta(hours=1))


def send_again(reference: str, email: str, *, address: str, at: datetime) -> None:
    """Send the signed link when `reference` and `email` belong together; otherwise nothing happens.

    Raises TooMany for an `address` (IP) or an e-mail that asks too often.
    """
    email = email.strip().lower()
    limits.count(ASKED_FROM, address, at=at)
    limits.count(ASKED_FOR, email, at=at)
    booking = (
        StayBooking.objects.select_related("property", "program", "folio")
        .filter(reference=normalise(reference)[:13], contact_email=email)
        .first()
    )
    if booking is not None:
        until = day((at + timedelta(seconds=MAX_AGE)).date())
        tell(booking, "guest_access_link", at=at, once=at.isoformat(), due=until)
