"""Signing in with a code to an e-mail address or a telephone number."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F

from accounts.domain import codes, knocks, limits, notices, phones, strangers
from accounts.domain.limits import Limit
from accounts.models import Challenge, Knock, User
from core.errors import Invalid, TooMany, Unavailable


def ask(channel: str, to: str, *, address: str, at: datetime) -> Challenge:
    """A challenge whose code goes to `to`, if somebody has an account with it; for all others no code opens it.

    At most 5 an hour to one target and 20 from one `address` (IP), and SMS_CODES_A_DAY text messages a day in all.
    Raises Invalid("bad_email" | "bad_phone" | "country_not_served"), TooMany, Unavailable("sms_budget").
    """
    target = phones.reachable(to, attr="to") if channel == "sms" else email_address(to, attr="to")
    limits.count(limits.CODE_ADDRESS, address, at=at)
    limits.count(limits.CODE_TARGET, target, at=at)
    if channel == "sms":
        spend_message(at=at)
    with transaction.atomic():
        challenge = codes.ask(Challenge.Purpose.SIGN_IN, channel=channel, target=target, at=at)
        knocks.note(Knock.Wish.CODE, target, at=at, challenge=challenge)
    return challenge


def verify(challenge: uuid.UUID, code: str, *, address: str, at: datetime) -> User:
    """The person whose code this is. What was not proven about her account before is proven now, and cleaned.

    Raises Invalid("bad_code"), TooMany for an `address` (IP) that tries too often.
    """
    limits.count(limits.CODE_TRIES_ADDRESS, address, at=at)
    answered = codes.answer(challenge, code, purpose=Challenge.Purpose.SIGN_IN, at=at)
    limits.give_back(limits.CODE_TRIES_ADDRESS, address)
    user = answered.user
    assert user is not None
    if answered.target != _reached(user, answered.channel):
        raise codes.bad_code()  # it went where she was reached before a change, or before the change was undone
    if answered.channel == "email":
        user = owned(user, at=at)
    User.objects.filter(pk=user.pk).update(last_login=at)
    return user


def _reached(user: User, channel: str) -> str:
    if channel == "sms":
        return user.phone_e164 if user.phone_verified_at else ""
    return user.email


def owned(user: User, *, at: datetime) -> User:
    """Somebody has proven that the account's e-mail address is hers.

    If nobody had before, whoever opened the account may have been somebody else who waits behind a password: that
    password is of no use any more, and every session and token ends. So does a number that was proven before, a push
    token, a second factor: they would be other ways in.
    """
    if user.email_verified_at is not None:
        return user
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        if user.email_verified_at is None:
            user.set_unusable_password()
            user.email_verified_at = at
            user.session_epoch = F("session_epoch") + 1
            user.save(update_fields=["password", "email_verified_at", "session_epoch"])
            user.refresh_from_db()
            strangers.forget_number(user)
            strangers.shut_out(user)
            notices.happened("address_proven", user=user, at=at)
    return user


def spend_message(*, at: datetime) -> None:
    """One text message of today's budget. Raises Unavailable("sms_budget"); the house is told once."""
    budget = Limit("sms-budget", settings.SMS_CODES_A_DAY, timedelta(days=1), alarm=True)
    try:
        limits.count(budget, "house", at=at)
    except TooMany as error:
        words = "No more text messages go out today. Please use your e-mail address."
        raise Unavailable("sms_budget", words, retry_after=error.retry_after) from None


def email_address(text: str, *, attr: str = "email") -> str:
    """In lower case. Raises Invalid("bad_email") on the field `attr`."""
    email = User.objects.normalise(text)
    try:
        validate_email(email)
    except ValidationError:
        raise Invalid("bad_email", "This is not an e-mail address.", attr=attr) from None
    return email
