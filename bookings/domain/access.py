"""Signed links: a guest without an account opens her stay from her mail."""

from __future__ import annotations

from django.conf import settings
from django.core import signing

from core.errors import Missing

SALT = "pema.stay-link"
MAX_AGE = 400 * 24 * 3600


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
