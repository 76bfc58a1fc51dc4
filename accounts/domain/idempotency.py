"""One key, one effect, one answer: a caller may repeat a call for 72 hours without repeating what it does.

The key is claimed in a statement of its own, under a lease of 90 seconds, so that the others hear at once that the
first is at work. The effect and the end of the claim are one transaction: a process killed between them leaves
neither, and after the lease the caller's next try does the effect afresh, once. Whoever lost the lease meanwhile
cannot end the claim, and takes back what it did. Where the effect reaches outside, it cannot be taken back: there
`effect_key` makes it unique, and the same effect is finished. Stored answers are sealed: they may hold keys.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q

from accounts.models import IdempotencyKey
from core.crypto import DecryptionError, seal, unseal
from core.errors import Conflict, DomainError

CLAIM = """
INSERT INTO accounts_idempotencykey (scope, key, fingerprint, created_at, lease_until, body)
VALUES (%s, %s, %s, %s, %s, '') ON CONFLICT (scope, key) DO NOTHING RETURNING id
"""
KEPT = timedelta(hours=72)
LEASE = timedelta(seconds=90)


class Mismatch(DomainError):
    """The key was used for something else: 422."""

    status = 422


class InFlight(Conflict):
    """The first call with the key is still at work; `retry_after` seconds until its lease ends."""

    def __init__(self, *, retry_after: int) -> None:
        super().__init__("idempotency_in_flight", "The first request with this key is still being worked on.")
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Stored:
    """The answer that was given; the same bytes are given again."""

    status: int
    body: str


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to do the effect behind a key, until `lease_until` and whoever takes over after it."""

    scope: str
    key: str
    lease_until: datetime


def fingerprint(method: str, path: str, body: Any) -> str:
    """SHA-256 of what is asked; the order of JSON members does not matter."""
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(f"{method} {path} {canonical}".encode(errors="surrogatepass")).hexdigest()


def effect_key(scope: str, key: str, print_: str) -> str:
    """A name for the effect behind a caller's key (at most 80 characters).

    What is asked belongs to it: when the key is forgotten after 72 hours, the same key with another body is another
    effect, and never leads to the first caller's one.
    """
    return "api:" + hashlib.sha256(f"{scope}\n{key}\n{print_}".encode()).hexdigest()


def claim(scope: str, key: str, print_: str, *, at: datetime) -> Claim | Stored:
    """Take the key for a call with fingerprint `print_`; the stored answer when there is one already.

    Raises Mismatch("idempotency_mismatch"), Conflict("idempotency_in_flight") while the first call is still at work.
    """
    IdempotencyKey.objects.filter(scope=scope, key=key, created_at__lt=at - KEPT).delete()
    lease = at + LEASE
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [scope, key, print_, at, lease])
        if cursor.fetchone():
            return Claim(scope, key, lease)
    row = IdempotencyKey.objects.filter(scope=scope, key=key).first()
    if row is None:  # released a moment ago
        return claim(scope, key, print_, at=at)
    if row.fingerprint != print_:
        raise Mismatch("idempotency_mismatch", "This idempotency key was used for another request.")
    if row.status is not None:
        return Stored(row.status, _opened(row))
    free = Q(lease_until__lte=at)
    if IdempotencyKey.objects.filter(free, pk=row.pk, status__isnull=True).update(lease_until=lease):
        return Claim(scope, key, lease)
    raise InFlight(retry_after=max(int((row.lease_until - at).total_seconds()), 1))


def store(mine: Claim, answer: Stored) -> None:
    """Keep the answer for repetitions, in the transaction of the effect.

    Raises Conflict("idempotency_in_flight") when the lease ran out and another call has taken over: the effect must
    not be committed then.
    """
    sealed = seal(answer.body, row=_row(mine.scope, mine.key))
    if _held(mine).update(status=answer.status, body=sealed) != 1:
        raise InFlight(retry_after=1)


def release(mine: Claim) -> None:
    """Nothing conclusive came out: the next call with this key starts afresh."""
    _held(mine).delete()


def _held(mine: Claim) -> Any:
    held = IdempotencyKey.objects.filter(scope=mine.scope, key=mine.key, status__isnull=True)
    return held.filter(lease_until=mine.lease_until)


def _opened(row: IdempotencyKey) -> str:
    """Raises Conflict("idempotency_lost") when the key of the seal is gone: better no answer than the effect again."""
    try:
        return str(unseal(row.body, row=_row(row.scope, row.key)))
    except DecryptionError:
        raise Conflict("idempotency_lost", "This was done before, but its answer cannot be shown again.") from None


def _row(scope: str, key: str) -> str:
    return f"accounts.idempotencykey:{scope}:{key}"
