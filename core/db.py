"""What PostgreSQL says about a conflict, in our words; and a bounded retry."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import contextmanager
from typing import TypeVar

from django.db import DatabaseError, connection, transaction

from core.errors import Conflict, DomainError, Unavailable

Result = TypeVar("Result")

RETRYABLE = {"40P01", "40001", "55P03"}  # deadlock, serialization failure, lock timeout
VIOLATIONS = {"23P01", "23514", "23505"}  # exclusion, check, unique


def sqlstate(error: BaseException) -> str:
    """The five characters of the server's answer, or an empty text."""
    cause = error.__cause__
    return getattr(cause, "sqlstate", None) or ""


def translate(error: DatabaseError) -> DomainError | None:
    """The domain error for a database conflict, or None when it is a real fault."""
    state = sqlstate(error)
    if state in RETRYABLE:
        return Unavailable("busy", "Many people are booking at this moment. Please try again.")
    if state in VIOLATIONS:
        return Conflict("conflict", "Somebody else was a moment faster. Please look again.")
    return None


@contextmanager
def lock_timeout(seconds: int = 3):  # type: ignore[no-untyped-def]
    """Inside a transaction: wait at most `seconds` for a lock, then answer instead of queueing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{seconds}s"])
    yield


def in_transaction(action: Callable[[], Result], *, durable: bool = True, tries: int = 3, wait: float = 0.05) -> Result:
    """Run `action` in one transaction; a deadlock, serialization failure or lock timeout is tried again.

    `durable=False` joins an open transaction (then nothing is retried: the whole must be).
    Raises Unavailable("busy") after `tries`, Conflict("conflict") on a violated constraint.
    """
    nested = connection.in_atomic_block and not durable
    for attempt in range(1, tries + 1):
        try:
            with transaction.atomic(), lock_timeout():
                return action()
        except DatabaseError as error:
            if nested:
                raise
            if sqlstate(error) in RETRYABLE and attempt < tries:
                time.sleep(wait * attempt * (0.5 + random.random()))  # nosec B311 - jitter, no secret
                continue
            answer = translate(error)
            if answer is None:
                raise
            raise answer from error
    raise AssertionError("unreachable")
