"""Proving an address: another code for somebody who has just registered, or signs in with an address not proven yet."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from accounts.domain import codes, knocks, limits, notices, otp
from accounts.models import Challenge, Knock, User


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


def prove(challenge: uuid.UUID, code: str, *, began_with: uuid.UUID | None, at: datetime) -> User:
    """The code has come to the address of the account: it is proven, and the person may come in.

    `began_with` is the challenge that the caller was given first. If it is tied to the account, it was made together
    with the account, or after its password, and that password holds on; otherwise somebody else may have opened the
    account, and it is cleaned as by `otp.owned`. Raises Invalid("bad_code").
    """
    answered = codes.answer(challenge, code, purpose=Challenge.Purpose.EMAIL, at=at)
    assert answered.user is not None
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=answered.user.pk)
        if user.email != answered.target:
            raise codes.bad_code()
        if began_with is None or not Challenge.objects.filter(public_id=began_with, user=user).exists():
            return otp.owned(user, at=at)
        if user.email_verified_at is None:
            user.email_verified_at = at
            user.save(update_fields=["email_verified_at"])
            notices.happened("email_confirmed", user=user, at=at)
    return user
