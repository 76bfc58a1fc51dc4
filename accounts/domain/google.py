"""Signing in with Google: an id token of one of our own client ids, checked against Google's keys. Off without ids."""

from __future__ import annotations

import json
import threading
import time
from datetime import datetime
from typing import Any

import jwt
from django.conf import settings
from django.db import IntegrityError, transaction
from jwt import PyJWK, PyJWKSet

from accounts.domain import notices, otp
from accounts.domain.tokens import LEEWAY, NotSignedIn
from accounts.models import User
from core import outside
from core.errors import Conflict, NotAllowed, Unavailable

ISSUERS = ("https://accounts.google.com", "accounts.google.com")
KEPT = 3600  # seconds that Google's keys are believed without asking again
PAUSE = 60  # seconds between two askings, for a key that we do not know or after one that failed


class Keys:
    """Google's public keys, asked for through the guarded way out and kept for an hour.

    One request asks. Whoever finds keys that still hold does not wait for it; the others wait once, for that answer.
    """

    def __init__(self) -> None:
        self._one = threading.Lock()
        self.forget()

    def named(self, key_id: str) -> PyJWK:
        """Raises KeyError for a key that Google does not have, Unavailable when Google does not answer."""
        if self._due(key_id) and self._one.acquire(blocking=not self._hold()):
            try:
                if self._due(key_id):  # nobody has asked while we waited
                    self._ask()
            finally:
                self._one.release()
        if not self._hold():
            raise _silent()
        return self._keys[key_id]

    def forget(self) -> None:
        """Ask again next time."""
        self._keys: dict[str, PyJWK] = {}
        self._came = self._tried = float("-inf")

    def _hold(self) -> bool:
        return time.monotonic() - self._came <= KEPT

    def _due(self, key_id: str) -> bool:
        paused = time.monotonic() - self._tried <= PAUSE
        return not paused and not (self._hold() and key_id in self._keys)

    def _ask(self) -> None:
        try:
            answer = outside.call("GET", settings.GOOGLE_KEYS_URL)
            if answer.status != 200:
                raise outside.NoAnswer(f"status {answer.status}")
            found = PyJWKSet.from_dict(json.loads(answer.body))
        except (outside.NoAnswer, outside.Refused, ValueError, jwt.PyJWKSetError) as error:
            raise _silent() from error
        finally:
            self._tried = time.monotonic()
        self._keys = {str(one.key_id): one for one in found.keys if one.key_id}
        self._came = time.monotonic()


keys = Keys()


def sign_in(id_token: str, *, at: datetime) -> User:
    """The person of this Google account, by the e-mail address that Google has verified; a new one when there is none.

    An account whose own address nobody has proven yet is never merged: Conflict("address_not_proven"), its owner signs
    in by code first. Raises NotAllowed("google_off"), NotSignedIn("bad_google_token"), Unavailable("google_silent").
    """
    if not settings.GOOGLE_CLIENT_IDS:
        raise NotAllowed("google_off", "Signing in with Google is not offered here.")
    claims = _claims(id_token)
    email = otp.email_address(str(claims.get("email", "")))
    user = User.objects.filter(email=email).first() or _make(email, claims, at)
    if not user.is_active:
        raise _bad()
    if user.email_verified_at is None:
        raise Conflict("address_not_proven", "Please sign in once with a code to your e-mail address.")
    User.objects.filter(pk=user.pk).update(last_login=at)
    return user


def _claims(id_token: str) -> dict[str, Any]:
    try:
        key = keys.named(str(jwt.get_unverified_header(id_token).get("kid", "")))
        claims: dict[str, Any] = jwt.decode(
            id_token,
            key.key,
            algorithms=["RS256"],
            audience=settings.GOOGLE_CLIENT_IDS,
            issuer=ISSUERS,
            leeway=LEEWAY,
            options={"require": ["exp", "iat", "iss", "aud", "sub", "email"]},
        )
    except (jwt.InvalidTokenError, KeyError, ValueError, TypeError, UnicodeError):
        raise _bad() from None
    if claims.get("email_verified") is not True:
        raise _bad()
    return claims


def _make(email: str, claims: dict[str, Any], at: datetime) -> User:
    first = str(claims.get("given_name") or claims.get("name") or email.partition("@")[0])[:80]
    user = User(
        email=email,
        first_name=first,
        last_name=str(claims.get("family_name") or "")[:80],
        email_verified_at=at,
        date_joined=at,
    )
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save()
            notices.happened("registered_with_google", user=user, at=at)
    except IntegrityError:  # twice at the same moment
        return User.objects.get(email=email)
    return user


def _silent() -> Unavailable:
    return Unavailable("google_silent", "Google does not answer right now. Please sign in another way.")


def _bad() -> NotSignedIn:
    return NotSignedIn("bad_google_token", "Google's word for you could not be read. Please try again.")
