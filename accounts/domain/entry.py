"""The last step of every sign-in over the API, whatever was shown first: password, code or Google."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from accounts.domain import arrivals, codes, second_factor, tokens
from accounts.domain.tokens import Pair
from accounts.models import Challenge, User
from core.errors import NotAllowed


def enter(user: User, *, at: datetime, device: str = "") -> Pair:
    """A pair of tokens for somebody who has shown the first factor.

    Who has a second factor must show it: NotAllowed("mfa_required") carries `challenge`, to be answered at
    `auth/mfa`. Staff without one get nothing: NotAllowed("mfa_enrol"), until they have set it up on the web.
    """
    if second_factor.enrolled(user):
        challenge = codes.ask(Challenge.Purpose.SECOND_FACTOR, channel="app", target="", user=user, at=at)
        words = "Please type the code of your authenticator app."
        raise NotAllowed("mfa_required", words, challenge=str(challenge.public_id))
    if second_factor.required(user):
        raise NotAllowed("mfa_enrol", "Please sign in on the web once, and set up your second factor there.")
    return _let_in(user, at=at, device=device)


def show_second_factor(challenge: uuid.UUID, code: str, *, at: datetime, device: str = "") -> Pair:
    """The pair, for the challenge and a code of the app or a recovery code; each code is good once.

    Raises Invalid("bad_code"), after five tries of the challenge too; TooMany after ten wrong codes of one person.
    """
    asked = codes.count_try(challenge, purpose=Challenge.Purpose.SECOND_FACTOR, at=at)
    user = asked.user
    if user is None or not user.is_active or not second_factor.verified(user, code, at=at):
        raise codes.bad_code()
    codes.use_up(asked, at=at)
    return _let_in(user, at=at, device=device)


def _let_in(user: User, *, at: datetime, device: str) -> Pair:
    with transaction.atomic():
        arrivals.note(user, device, at=at)
        return tokens.issue(user, at=at, device=device)
