"""Signed links: a guest without an account opens her stay from her mail.

A link lives as long as the stay and thirty days after its end, and only while the stay is in no account: from then on
its owner signs in, and whoever has an old mail finds the sign-in.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing

from bookings.models import StayBooking
from core.errors import Missing
from core.nights import local_date

SALT = "pema.stay-link"
MAX_AGE = 400 * 24 * 3600  # a stay is sold at most a year ahead
AFTERLIFE = timedelta(days=30)


def link(reference: str, page: str = "stay") -> str:
    """Absolute address that opens the stay (`page`: stay, pay, form, review) without signing in."""
    return f"{settings.SITE_URL}/stays/open/{key(reference)}/{page}"


def key(reference: str) -> str:
    """The signed key of a booking, for links and for the API's claim call."""
    return signing.dumps(reference, salt=SALT)


def reference_of(signed: str) -> str:
    """The reference inside a genuine key. Raises Missing("bad_link")."""
    try:
        return str(signing.loads(signed, salt=SALT, max_age=MAX_AGE))
    except signing.BadSignature:
        raise Missing("bad_link", "This link is not complete or has run out. Ask us for a new one.") from None


def is_open(booking: StayBooking, *, at: datetime) -> bool:
    """Whether signed links open this stay at the instant `at`: it is in no account, and not long over."""
    if booking.user_id is not None:
        return False
    end = booking.check_out if booking.ended_at is None else booking.ended_at.date()
    return local_date(at, booking.property.time_zone) <= end + AFTERLIFE


def front_door(reference: str) -> str:
    """Absolute address that asks who is there: for calendars and other places that many eyes see."""
    return f"{settings.SITE_URL}/stays/find?reference={reference}"
