"""A guest who has lost the mail: reference, last name, and a code to the stay's address. Nothing is told before.

The request only writes down what was asked (`accounts.domain.knocks`), for a stay that never was as for a real one; a
worker looks whether the two words belong together. So neither the answer nor its time tells.
"""

from __future__ import annotations

import unicodedata
import uuid
from datetime import datetime, timedelta

from django.db import transaction

from accounts.domain import codes, knocks, limits
from accounts.domain.codes import bad_code
from accounts.domain.limits import Limit
from accounts.models import Challenge, Knock
from bookings.domain import proving
from bookings.models import StayBooking
from core.errors import TooMany
from core.references import normalise

ASKED_FROM = Limit("stay-code-from", 20, timedelta(hours=1))
ASKED_FOR = Limit("stay-code", 5, timedelta(hours=1))
TRIED_FROM = Limit("stay-code-tries-from", 60, timedelta(hours=1))


def ask(reference: str, last_name: str, *, address: str, at: datetime) -> Challenge:
    """A challenge, whether or not there is such a stay; only for a real one a code goes to its address.

    Raises TooMany for an `address` (IP) that asks too often.
    """
    wanted = normalise(reference)[:13]
    limits.count(ASKED_FROM, address, at=at)
    with transaction.atomic():
        challenge = codes.ask(proving.PURPOSE, channel="email", target="", at=at)
        said = f"{wanted} {last_name}".replace("\x00", "")[:254]
        knocks.note(Knock.Wish.STAY, said, at=at, challenge=challenge)
    return challenge


def answer(knock: Knock, at: datetime) -> None:
    """Send the code, if there is such a stay and the last name is that of its guest. Run by a worker.

    Only right questions count for a stay, at most 5 an hour: who knows the reference alone cannot shut its guest out.
    """
    reference, _space, last_name = knock.target.partition(" ")
    booking = StayBooking.objects.filter(reference=reference).first()
    challenge = knock.challenge
    if booking is None or not is_last_name(last_name, booking.contact_name):
        return
    if challenge is not None and challenge.expires_at > at and not challenge.digest:
        try:
            limits.count(ASKED_FOR, reference, at=at)
        except TooMany:
            return
        proving.send(challenge, booking, language=knock.language)


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


knocks.ANSWERS[Knock.Wish.STAY] = answer
