"""One key, one effect, one answer: a caller may repeat a call for 72 hours without repeating what it does.

The key is claimed in a statement of its own before the effect, under a lease of 90 seconds. The effect itself is made
unique by `effect_key`, so that a process killed between effect and answer finishes the same effect when the caller
comes again.
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


@dataclass(frozen=True, slots=True)
class Stored:
    """The answer that was given; the same bytes are given again."""

    status: int
    body: str


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


def claim(scope: str, key: str, print_: str, *, at: datetime) -> Stored | None:
    """Take the key for a call with fingerprint `print_`; gives the stored answer when there is one, else None: go on.

    Raises Mismatch("idempotency_mismatch"), Conflict("idempotency_in_flight") while the first call is still at work.
    """
    IdempotencyKey.objects.filter(scope=scope, key=key, created_at__lt=at - KEPT).delete()
    lease = at + LEASE
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [scope, key, print_, at, lease])
        if cursor.fetchone():
            return None
    row = IdempotencyKey.objects.filter(scope=scope, key=key).first()
    if row is None:  # released a moment ago
        return claim(scope, key, print_, at=at)
    if row.fingerprint != print_:
        raise Mismatch("idempotency_mismatch", "This idempotency key was used for another request.")
    if row.status is not None:
        return Stored(row.status, row.body)
    free = Q(lease_until__lte=at)
    if IdempotencyKey.objects.filter(free, pk=row.pk, status__isnull=True).update(lease_until=lease):
        return None
    raise Conflict("idempotency_in_flight", "The first request with this key is still being worked on.")


def store(scope: str, key: str, answer: Stored) -> None:
    """Keep the answer for repetitions; the first one stays."""
    mine = IdempotencyKey.objects.filter(scope=scope, key=key, status__isnull=True)
    mine.update(status=answer.status, body=answer.body)


def release(scope: str, key: str) -> None:
    """Nothing conclusive came out: the next call with this key starts afresh."""
    IdempotencyKey.objects.filter(scope=scope, key=key, status__isnull=True).delete()


def forget_old(*, at: datetime) -> int:
    """Answers are kept for 72 hours; returns how many went."""
    return IdempotencyKey.objects.filter(created_at__lt=at - KEPT).delete()[0]
