"""A guest who has lost the mail: reference, last name, and a code to the stay's address. Nothing is told before."""

from __future__ import annotations

import unicodedata
import uuid
from datetime import datetime, timedelta

from accounts.domain import limits
from accounts.domain.codes import bad_code
from accounts.domain.limits import Limit
from accounts.models import Challenge
from bookings.domain import proving
from bookings.models import StayBooking
from core.references import normalise

ASKED_FROM = Limit("stay-code-from", 20, timedelta(hours=1))
ASKED_FOR = Limit("stay-code", 5, timedelta(hours=1))
TRIED_FROM = Limit("stay-code-tries-from", 60, timedelta(hours=1))


def ask(reference: str, last_name: str, *, address: str, at: datetime) -> Challenge:
    """A challenge, whether or not there is such a stay; only for a real one a code goes to its address.

    Raises TooMany for an `address` (IP) or a reference that is asked for too often.
    """
    wanted = normalise(reference)[:13]
    limits.count(ASKED_FROM, address, at=at)
    limits.count(ASKED_FOR, wanted, at=at)
    found = StayBooking.objects.filter(reference=wanted).first()
    right = is_last_name(last_name, found.contact_name if found else "Nobody Known")
    return proving.ask(found if right else None, at=at)


def open_with(challenge: uuid.UUID, code: str, reference: str, *, address: str, at: datetime) -> StayBooking:
    """The stay that the code opens. Raises Invalid("bad_code"), TooMany after many tries of one `address` (IP)."""
    limits.count(TRIED_FROM, address, at=at)
    email = proving.check(challenge, code, at=at)
    found = StayBooking.objects.filter(reference=normalise(reference)[:13], contact_email=email).first()
    if found is None:
        raise bad_code()
    return found


def is_last_name(typed: str, name: str) -> bool:
    """`rao` and `Rao` end `Asha Rao`; accents and case do not matter, half a word does."""
    said, known = _words(typed), _words(name)
    return bool(said) and known[-len(said) :] == said


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.replace("\x00", "")).casefold()
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).split()
