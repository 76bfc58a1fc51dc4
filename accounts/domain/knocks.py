"""What a stranger asks for is looked up by a worker: the request does the same work for everybody.

A row is written whether or not there is such a person, and nothing else; so neither the answer nor the time it takes
tells who has an account. The worker then finds the person, or nobody.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from accounts.domain import codes, limits, notices
from accounts.models import Challenge, Knock, User
from core import work
from core.errors import TooMany

KIND = "knock"
ANSWERS: dict[str, Callable[[Knock, datetime], None]] = {}  # wishes that an app above answers, by `Knock.Wish`


def note(wish: str, target: str, *, at: datetime, challenge: Challenge | None = None) -> Knock:
    """Write down that somebody asked for `wish` (`Knock.Wish`) at `target`, in the caller's transaction."""
    made = Knock.objects.create(
        key=f"knock:{uuid.uuid4().hex}",
        wish=wish,
        target=target,
        challenge=challenge,
        language=(get_language() or "en")[:8],
        due_at=at,
        created_at=at,
    )
    work.ring(KIND, made.pk)
    return made


def keep(knock: Knock) -> None:
    """Look who that is, and send what was asked for; for nobody nothing is done. Twice does no harm."""
    at = timezone.now()
    with transaction.atomic():
        locked = Knock.objects.select_for_update().get(pk=knock.pk)
        if locked.target and locked.wish in ANSWERS:
            ANSWERS[locked.wish](locked, at)
        elif locked.target and (user := person(locked.target)) is not None:
            _send(locked, user, at)
        Knock.objects.filter(pk=knock.pk).update(target="")


def person(target: str) -> User | None:
    """The active person of this e-mail address (of an account) or of this proven number (+E.164)."""
    which = Q(phone_e164=target, phone_verified_at__isnull=False) if target.startswith("+") else Q(email=target)
    return User.objects.filter(which, is_active=True).first()


def _send(knock: Knock, user: User, at: datetime) -> None:
    from accounts.domain import passwords  # which knocks itself

    if knock.wish == Knock.Wish.PASSWORD:
        passwords.send_link(user)
    elif knock.wish == Knock.Wish.KNOWN:
        link = settings.SITE_URL + reverse("accounts:forgot")
        notices.tell(user, "account_exists", at=at, once=f"{at:%Y-%m-%d}", link=link)
    elif knock.challenge is not None and knock.challenge.expires_at > at and not knock.challenge.digest:
        try:
            limits.count(limits.CODE_ACCOUNT, str(user.pk), at=at)
        except TooMany:
            return  # by e-mail and by telephone together
        codes.send(knock.challenge, user, language=knock.language)


def forget_old(*, at: datetime) -> int:
    """Knocks of yesterday and before, answered or not: what they ask for is long over. Returns how many went."""
    return Knock.objects.filter(created_at__lt=at - timedelta(days=1)).delete()[0]


work.Registry.add(KIND, Knock, keep)
