"""A forgotten password: a link on our own address, good once, for an hour. The web's pages take the same links."""

from __future__ import annotations

from datetime import datetime

from allauth.account.adapter import get_adapter
from allauth.account.utils import url_str_to_user_pk, user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.domain import knocks, limits, notices, people, strangers
from accounts.models import Knock, User
from accounts.signals import password_reset_asked
from core.actors import Actor
from core.errors import Invalid


def forgot(email: str, *, address: str, at: datetime) -> None:
    """Promise a link to whoever has this e-mail address. Nothing tells whether there is such a person.

    Raises TooMany for one `address` (IP), or one e-mail address, that asks too often.
    """
    email = User.objects.normalise(email)
    limits.count(limits.FORGOT_ADDRESS, address, at=at)
    limits.count(limits.FORGOT_ACCOUNT, email, at=at)
    with transaction.atomic():
        knocks.note(Knock.Wish.PASSWORD, email, at=at)


def send_link(user: User) -> None:
    """Promise, in the caller's transaction, a letter that leads to choosing a new password; its address is ours."""
    news = {
        "user_id": user.pk,
        "link": get_adapter().get_reset_password_from_key_url(key(user)),
        "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
    }
    with transaction.atomic():
        password_reset_asked.send(sender=User, **news)


def key(user: User) -> str:
    """The last part of the link: who, and a token that dies with the password or the address it was made for."""
    return f"{user_pk_to_url_str(user)}-{_tokens().make_token(user)}"


def reset(key: str, new: str, *, at: datetime) -> User:
    """Set a new password by the last part of the link; every session and token ends.

    The token holds the old password's digest and the address: whoever comes second, or after a change of either, is
    refused, and the row is locked while we look. Raises Invalid("bad_link"), Invalid("weak_password").
    """
    uid, _dash, token = key.partition("-")
    with transaction.atomic():
        user = _owner(uid, token)
    people.check_password_strength(new, user)
    with transaction.atomic():
        user = _owner(uid, token)
        people.write_password(user, new, at=at, by=Actor.of(user))
        if user.email_verified_at is None:  # the link came to the address: she is here now, whoever was here before
            strangers.forget_number(user)
            strangers.shut_out(user)
            User.objects.filter(pk=user.pk).update(email_verified_at=at)
        notices.tell(user, "password_changed", at=at)
    return user


def _owner(uid: str, token: str) -> User:
    user = _behind(uid)
    if user is None or not _tokens().check_token(user, token):
        raise Invalid("bad_link", "This link has been used, or is too old. Please ask for a new one.")
    return user


def _tokens() -> PasswordResetTokenGenerator:
    from allauth.account.forms import default_token_generator  # needs the apps to be ready

    made: PasswordResetTokenGenerator = default_token_generator
    return made


def _behind(uid: str) -> User | None:
    try:
        pk = url_str_to_user_pk(uid)
    except (ValidationError, ValueError):
        return None
    if not isinstance(pk, int) or not 0 < pk < 2**63:
        return None
    return User.objects.select_for_update().filter(pk=pk, is_active=True).first()
