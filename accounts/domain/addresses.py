"""Proving an address: another code for somebody who has just registered, or signs in with an address not proven yet."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.domain import codes, knocks, limits, otp
from accounts.models import Challenge, Knock


def ask_again(channel: str, to: str, *, address: str, at: datetime) -> Challenge:
    """A new challenge for the address `to`; its code goes there if somebody has an account with it.

    `channel` is email. The limits are those of `otp.ask`. Raises Invalid("bad_email"), TooMany.
    """
    target = otp.email_address(to)
    limits.count(limits.CODE_ADDRESS, address, at=at)
    limits.count(limits.CODE_TARGET, target, at=at)
    with transaction.atomic():
        challenge = codes.ask(Challenge.Purpose.EMAIL, channel=channel, target=target, at=at)
        knocks.note(Knock.Wish.VERIFY, target, at=at, challenge=challenge)
    return challenge
