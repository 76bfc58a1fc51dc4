"""One-time codes: six digits, five minutes, five tries, one use, one purpose.

Each answer is counted before it is looked at, in one statement of the database: of a hundred guesses at once five are
compared with the code, and the others are refused unseen.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import get_language

from accounts.models import Challenge, User
from accounts.signals import code_promised
from core.errors import Invalid

MOST_TRIES = 5
LIVES = timedelta(minutes=5)
COUNT = """
UPDATE accounts_challenge SET tries = tries + 1
WHERE public_id = %s AND purpose = %s AND tries < %s AND used_at IS NULL AND expires_at > %s
RETURNING id
"""


def ask(purpose: str, *, channel: str, target: str, at: datetime, user: User | None = None) -> Challenge:
    """A challenge that no code opens yet. `channel`: email, sms or app; `target`: an address, +E.164 or empty."""
    return Challenge.objects.create(
        purpose=purpose, channel=channel, target=target, user=user, created_at=at, expires_at=at + LIVES
    )


def send(challenge: Challenge, user: User, *, language: str | None = None) -> None:
    """Make the code of this challenge and promise it to its target, in one transaction. Only its HMAC is kept."""
    code = f"{secrets.randbelow(10**6):06d}"
    with transaction.atomic():
        Challenge.objects.filter(pk=challenge.pk).update(user=user, digest=digest(challenge, code))
        code_promised.send(
            sender=Challenge,
            channel=challenge.channel,
            to=challenge.target,
            code=code,
            name=user.get_full_name(),
            language=language or get_language() or "en",
            expires_at=challenge.expires_at,
            purpose=challenge.purpose,
        )


def answer(public_id: uuid.UUID, code: str, *, purpose: str, at: datetime, of: User | None = None) -> Challenge:
    """The challenge that `code` opens, used up by this call; with `of`, only when it is that person's.

    Not inside a transaction: what was counted must stay counted. Raises Invalid("bad_code"), the same for a wrong
    code, an old, used or unknown challenge, one of another purpose or person, and one after five tries.
    """
    challenge = count_try(public_id, purpose=purpose, at=at)
    right = hmac.compare_digest(digest(challenge, code), challenge.digest or "-")
    if not right or challenge.user is None or not challenge.user.is_active or (of and of.pk != challenge.user_id):
        raise bad_code()
    use_up(challenge, at=at)
    return challenge


def count_try(public_id: uuid.UUID, *, purpose: str, at: datetime) -> Challenge:
    """Count one try in one statement, and give the challenge to compare with. Raises Invalid("bad_code")."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [public_id, purpose, MOST_TRIES, at])
        found = cursor.fetchone()
    if found is None:
        raise bad_code()
    return Challenge.objects.select_related("user").get(pk=found[0])


def use_up(challenge: Challenge, *, at: datetime) -> None:
    """One use: of two right answers at once the second is refused. Raises Invalid("bad_code")."""
    if Challenge.objects.filter(pk=challenge.pk, used_at__isnull=True).update(used_at=at) != 1:
        raise bad_code()


def give_up(public_id: uuid.UUID, *, at: datetime) -> None:
    """The code of this challenge opens nothing any more, come when it may: another one was asked for in its place."""
    Challenge.objects.filter(public_id=public_id, used_at__isnull=True).update(used_at=at)


def forget_of(user: User, *, at: datetime) -> None:
    """Whatever was asked for this person and not answered yet opens nothing any more."""
    Challenge.objects.filter(user=user, used_at__isnull=True).update(used_at=at)


def digest(challenge: Challenge, code: str) -> str:
    """HMAC of the code, bound to its challenge and purpose: six digits alone would be guessed from a stolen table."""
    key = hashlib.sha256(b"accounts.codes:" + settings.SECRET_KEY.encode()).digest()
    bound = f"{challenge.public_id}:{challenge.purpose}:{code}"
    return hmac.new(key, bound.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()


def bad_code() -> Invalid:
    return Invalid("bad_code", "This code is not right, or not any more. Please ask for a new one.", attr="code")


def forget_old(*, at: datetime) -> int:
    """Challenges that ended a day ago; returns how many went."""
    return Challenge.objects.filter(expires_at__lt=at - timedelta(days=1)).delete()[0]
