"""A code to the e-mail address of a stay: whoever types it in reads that mail."""

from __future__ import annotations

import hmac
import secrets
import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import get_language

from accounts.domain import codes
from accounts.models import Challenge
from accounts.signals import code_promised
from bookings.models import StayBooking

PURPOSE = Challenge.Purpose.STAY


def ask(booking: StayBooking, *, at: datetime) -> Challenge:
    """Promise a code to the address of the stay. Only for somebody who may know that there is such a stay."""
    with transaction.atomic():
        challenge = codes.ask(PURPOSE, channel="email", target="", at=at)
        send(challenge, booking, language=get_language() or "en")
    return challenge


def send(challenge: Challenge, booking: StayBooking, *, language: str) -> None:
    """Make the code of this challenge and promise it to the address of the stay, in one transaction."""
    code = f"{secrets.randbelow(10**6):06d}"
    with transaction.atomic():
        challenge.target, challenge.digest = booking.contact_email, codes.digest(challenge, code)
        challenge.save(update_fields=["target", "digest"])
        code_promised.send(
            sender=Challenge,
            channel="email",
            to=challenge.target,
            code=code,
            name=booking.contact_name,
            language=language,
            expires_at=challenge.expires_at,
            purpose=PURPOSE,
        )


def check(public_id: uuid.UUID, code: str, *, at: datetime) -> str:
    """The address that the code proves, used up by this call. Not inside a transaction: what is counted stays counted.

    Raises Invalid("bad_code"), the same for a wrong code, an old or used one, and one for no stay.
    """
    challenge = codes.count_try(public_id, purpose=PURPOSE, at=at)
    if not hmac.compare_digest(codes.digest(challenge, code.strip()), challenge.digest or "-"):
        raise codes.bad_code()
    codes.use_up(challenge, at=at)
    return challenge.target
