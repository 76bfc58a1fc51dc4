"""Which code this browser was asked for: the challenge, what it is for, and where the visitor was going."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from typing import Any

from allauth.account.stages import LoginStage
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.domain import codes, limits
from accounts.models import Challenge, User
from core.errors import TooMany
from core.http import see

KEY = "asked_code"


@dataclass(frozen=True, slots=True)
class Asked:
    """`purpose` as of `Challenge.Purpose`; `email` is what the visitor typed, whoever that is.

    `first` is the challenge before any other code was asked for: one that is tied to the account was made by this
    browser together with the account, or after its password.
    """

    challenge: str
    purpose: str
    email: str
    then: str = ""
    first: str = ""


def remember(request: HttpRequest, challenge: Challenge, *, then: str | None = None, first: str = "") -> HttpResponse:
    """Keep it in the session, and lead to the page that asks for the code."""
    ident = str(challenge.public_id)
    asked = Asked(ident, challenge.purpose, challenge.target, then or "", first or ident)
    request.session[KEY] = asdict(asked)
    return see("accounts:confirm-code")


def pending(request: HttpRequest) -> Asked | None:
    """What this browser was asked for last, if anything."""
    held: dict[str, Any] | None = request.session.get(KEY)
    return Asked(**held) if held else None


def challenge_of(asked: Asked) -> uuid.UUID:
    return uuid.UUID(asked.challenge)


def first_of(asked: Asked) -> uuid.UUID | None:
    """The challenge before any other code was asked for; sessions of older versions do not know it."""
    return uuid.UUID(asked.first) if asked.first else None


def forget(request: HttpRequest) -> None:
    request.session.pop(KEY, None)


class ProveAddressStage(LoginStage):
    """A step of signing in: an address that nobody has proven is proven first, by a code."""

    key = "prove_address"
    urlname = "accounts:confirm-code"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        user = self.login.user
        if not isinstance(user, User) or user.email_verified_at is not None:
            return None, True
        try:
            limits.count(limits.CODE_ACCOUNT, str(user.pk), at=timezone.now())
        except TooMany:
            return see(f"{reverse('accounts:sign-in')}?wait=1"), False
        challenge = codes.ask(Challenge.Purpose.EMAIL, channel="email", target=user.email, at=timezone.now(), user=user)
        codes.send(challenge, user)
        return remember(self.request, challenge, then=self.login.redirect_url), True
