"""Limits of sign-in and codes, counted in PostgreSQL so that they hold without Redis and across all workers.

Each try is counted before it is judged, in one atomic statement: a hundred parallel guesses are a hundred tries.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from accounts.domain import notices
from accounts.models import Attempt
from core.errors import TooMany


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` tries in `window`, which begins with the first of them and is never prolonged.

    With `alarm` the house is told, once in a window, that the limit was reached.
    """

    purpose: str
    count: int
    window: timedelta
    alarm: bool = False


HOUR = timedelta(hours=1)
SIGN_IN_ACCOUNT = Limit("sign-in", 10, HOUR, alarm=True)
SIGN_IN_ADDRESS = Limit("sign-in-from", 100, HOUR, alarm=True)
SIGN_IN_HOUSE = Limit("failed-sign-ins", 300, HOUR, alarm=True)  # of all people together: an alarm, never a lock
REGISTER_ADDRESS = Limit("register-from", 30, HOUR)
FORGOT_ACCOUNT = Limit("forgot", 5, HOUR)
FORGOT_ADDRESS = Limit("forgot-from", 30, HOUR)
CODE_TARGET = Limit("code-to", 5, HOUR)
CODE_ACCOUNT = Limit("code-of", 5, HOUR)
CODE_ADDRESS = Limit("code-from", 20, HOUR, alarm=True)
CODE_TRIES_ADDRESS = Limit("code-tries-from", 100, HOUR, alarm=True)
PROOF = Limit("proof", 10, HOUR, alarm=True)

UPSERT = """
INSERT INTO accounts_attempt AS a (subject, window_start, count) VALUES (%(subject)s, %(at)s, 1)
ON CONFLICT (subject) DO UPDATE SET
    count = CASE WHEN a.window_start <= %(old)s THEN 1 ELSE a.count + 1 END,
    window_start = CASE WHEN a.window_start <= %(old)s THEN %(at)s ELSE a.window_start END
RETURNING count, window_start
"""


def count(limit: Limit, who: str, *, at: datetime) -> None:
    """Count one try of `who`. Raises TooMany("too_many_tries", retry_after in seconds) when the limit is used up."""
    tries, started = _counted(limit, who, at)
    if tries > limit.count:
        wait = max(math.ceil((started + limit.window - at).total_seconds()), 1)
        raise TooMany("too_many_tries", "Too many tries. Please wait a while and try again.", retry_after=wait)


def watch(limit: Limit, who: str, *, at: datetime) -> None:
    """Count, and tell the house when it is too much; nobody is shut out."""
    _counted(limit, who, at)


def _counted(limit: Limit, who: str, at: datetime) -> tuple[int, datetime]:
    values: dict[str, Any] = {"subject": subject(limit, who), "at": at, "old": at - limit.window}
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, values)
        tries, started = cursor.fetchone()
    if limit.alarm and tries == limit.count + 1:
        notices.happened("limit_reached", at=at, alarm=True, limit=limit.purpose)
    return tries, started


def forget(limit: Limit, who: str) -> None:
    """A success: earlier failures do not count any more."""
    Attempt.objects.filter(subject=subject(limit, who)).delete()


def give_back(limit: Limit, who: str) -> None:
    """A success from an address that many people share: only this try does not count."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_attempt SET count = count - 1 WHERE subject = %s AND count > 0", [subject(limit, who)]
        )


def subject(limit: Limit, who: str) -> str:
    """The row of this limit and person; only a digest is kept."""
    return f"{limit.purpose}:{hashlib.sha256(who.encode()).hexdigest()}"


def forget_old(*, at: datetime) -> int:
    """Counters whose window is long over; returns how many went."""
    return Attempt.objects.filter(window_start__lt=at - timedelta(days=1)).delete()[0]
