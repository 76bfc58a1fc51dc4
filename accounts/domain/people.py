"""Registering, signing in, the profile. No answer tells whether an account exists."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.domain import codes, knocks, limits, notices, strangers
from accounts.domain.privacy import consents
from accounts.domain.privacy.consents import Origin
from accounts.domain.tokens import NotSignedIn
from accounts.models import Challenge, ConsentRecord, Knock, User
from core.actors import Actor
from core.errors import Invalid
from core.free_text import masked

PROFILE = frozenset(
    {
        "first_name",
        "last_name",
        "phone",
        "address",
        "diet",
        "emergency_contact",
        "communication_preferences",
        "marketing_consent",
    }
)


def register(email: str, password: str, *, address: str, at: datetime, **profile: Any) -> Challenge:
    """Make an account, and promise a code that proves the address. For an address that has one already nothing
    changes, its owner is told, and the caller is not: the work and the answer are the same.

    Raises Invalid("weak_password"), TooMany for one `address` (IP) that registers too often.
    """
    limits.count(limits.REGISTER_ADDRESS, address, at=at)
    email = User.objects.normalise(email)
    check_password_strength(password, User(email=email, first_name=profile.get("first_name", "")))
    hashed = make_password(password)
    fields = {"password": hashed, "date_joined": at, **_allowed(profile)}
    with transaction.atomic():
        known = not _made(email, fields, address=address, at=at)
        challenge = codes.ask(Challenge.Purpose.EMAIL, channel="email", target=email, at=at)
        knocks.note(Knock.Wish.KNOWN if known else Knock.Wish.VERIFY, email, at=at, challenge=challenge)
    return challenge


def _made(email: str, fields: dict[str, Any], *, address: str, at: datetime) -> bool:
    """Write the person; for a known address write somebody else and take her back, which costs as much."""
    reserved = strangers.kept_free(email, at=at)  # asked for every address: it takes as long
    known = User.objects.filter(email=email).exists() or reserved
    offers = bool(fields.pop("marketing_consent", False))
    point = transaction.savepoint()
    try:
        with transaction.atomic():
            user = User.objects.create(email=f"{uuid.uuid4().hex}@invalid" if known else email, **fields)
            if offers:
                origin = Origin(ConsentRecord.Door.REGISTER, None if address == "unknown" else address)
                consents.decide(user, {"offers": True}, origin=origin, by=Actor.of(user), at=at)
    except IntegrityError:  # registered twice at the same moment
        known = True
    if known:
        transaction.savepoint_rollback(point)
    else:
        transaction.savepoint_commit(point)
    return not known


def sign_in(email: str, password: str, *, address: str, at: datetime) -> User:
    """The person with this e-mail address and password.

    Raises NotSignedIn("bad_credentials"), the same for a wrong password, an unknown address and a closed account;
    TooMany after 10 failures of one account within an hour (a soft lock), or 100 from one `address` (IP).
    """
    email = User.objects.normalise(email)
    limits.count(limits.SIGN_IN_ADDRESS, address, at=at)
    limits.count(limits.SIGN_IN_ACCOUNT, email, at=at)
    user = User.objects.filter(email=email).first()
    if user is None:
        make_password(password)  # as much time as a look at a real one
    if user is None or not user.check_password(password) or not user.is_active:
        limits.watch(limits.SIGN_IN_HOUSE, "everybody", at=at)
        raise _bad_credentials()
    limits.forget(limits.SIGN_IN_ACCOUNT, email)
    limits.give_back(limits.SIGN_IN_ADDRESS, address)
    User.objects.filter(pk=user.pk).update(last_login=at)
    return user


def update_profile(user: User, **changes: Any) -> User:
    """Change what a person may change about herself. Raises Invalid("unknown_field")."""
    for name, value in _allowed(changes).items():
        setattr(user, name, masked(value))
    if changes:
        user.save(update_fields=sorted(changes))
    return user


def change_password(user: User, new: str, *, at: datetime, by: Actor) -> None:
    """Set a new password and end every session and token. Raises Invalid("weak_password")."""
    check_password_strength(new, user)
    write_password(user, new, at=at, by=by)


def write_password(user: User, new: str, *, at: datetime, by: Actor) -> None:
    """The same for a password whose strength was looked at already, outside of the caller's transaction."""
    with transaction.atomic():
        user.set_password(new)
        user.save(update_fields=["password"])
        notices.happened("password_changed", user=user, at=at, asked_by=by.kind)


def end_sessions(user: User, *, at: datetime, by: Actor) -> None:
    """Sign out everywhere; the security log keeps it."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
        user.refresh_from_db(fields=["session_epoch"])
        notices.happened("signed_out_everywhere", user=user, at=at, asked_by=by.kind)


def check_password_strength(password: str, user: User) -> None:
    """Django's validators, one of which may ask outside: never in a transaction. Raises Invalid("weak_password")."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid("weak_password", " ".join(error.messages), attr="password") from None


def _allowed(profile: dict[str, Any]) -> dict[str, Any]:
    unknown = set(profile) - PROFILE
    if unknown:
        raise Invalid("unknown_field", f"This cannot be changed: {', '.join(sorted(unknown))}.")
    return profile


def _bad_credentials() -> NotSignedIn:
    return NotSignedIn("bad_credentials", "The e-mail address or the password is not right.")
