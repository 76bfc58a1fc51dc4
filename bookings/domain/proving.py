"""A code to the e-mail address of a stay: whoever types it in reads that mail. For no stay it costs the same."""

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


def ask(booking: StayBooking | None, *, at: datetime) -> Challenge:
    """Promise a code to the address of the stay; without a stay everything is done alike, and taken back."""
    target = booking.contact_email if booking is not None else f"{uuid.uuid4().hex[:12]}@stay.invalid"
    name = booking.contact_name if booking is not None else "Nobody"
    with transaction.atomic():
        challenge = codes.ask(PURPOSE, channel="email", target=target, at=at)
        with transaction.atomic():
            _send(challenge, name)
            if booking is None:
                transaction.set_rollback(True)
    return challenge


def check(public_id: uuid.UUID, code: str, *, at: datetime) -> str:
    """The address that the code proves, used up by this call. Not inside a transaction: what is counted stays counted.

    Raises Invalid("bad_code"), the same for a wrong code, an old or used one, and one for no stay.
    """
    challenge = codes.count_try(public_id, purpose=PURPOSE, at=at)
    if not hmac.compare_digest(codes.digest(challenge, code.strip()), challenge.digest or "-"):
        raise codes.bad_code()
    codes.use_up(challenge, at=at)
    return challenge.target


def _send(challenge: Challenge, name: str) -> None:
    code = f"{secrets.randbelow(10**6):06d}"
    Challenge.objects.filter(pk=challenge.pk).update(digest=codes.digest(challenge, code))
    code_promised.send(
        sender=Challenge,
        channel="email",
        to=challenge.target,
        code=code,
        name=name,
        language=get_language() or "en",
        expires_at=challenge.expires_at,
        purpose=PURPOSE,
    )
