"""The row is the promise: work that must happen outside is a row, written with the state change that promises it.

A worker claims rows with FOR UPDATE SKIP LOCKED under a lease, keeps the promise outside any transaction, and writes
the outcome fenced by the attempt number. Celery only rings the bell; a sweep finds what the bell missed; and
`manage.py work_promises` drains everything without Redis.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=70)  # lease + sweep every 15 s: a killed job runs again within 90 s
MAX_ATTEMPTS = 8
BACKOFF_SECONDS = (5, 15, 60, 300, 900, 3600, 4 * 3600)


class WorkState(models.TextChoices):
    PENDING = "pending", "Waiting"
    DONE = "done", "Done"
    DEAD = "dead", "Needs a person"


class WorkRow(models.Model):
    """Base of every promise. Its gate is `core.work`: nothing else writes these columns."""

    key = models.CharField(max_length=120, unique=True, help_text="One promise per key, whoever promises twice.")
    work_state = models.CharField(max_length=8, choices=WorkState.choices, default=WorkState.PENDING)
    due_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True

    @classmethod
    def due_index(cls, name: str) -> models.Index:
        """The index that a claim walks: only waiting rows, oldest first."""
        return models.Index(fields=["due_at"], name=name, condition=Q(work_state=WorkState.PENDING))

    @classmethod
    def dead_index(cls, name: str) -> models.Index:
        """The index that counts and lists the dead letters: few rows, however many promises were kept."""
        return models.Index(fields=["id"], name=name, condition=Q(work_state=WorkState.DEAD))


class Later(Exception):
    """Not yet, and not a failure: look again in `seconds`."""

    def __init__(self, seconds: float, reason: str = "") -> None:
        super().__init__(reason)
        self.seconds = seconds


class GiveUp(Exception):
    """Trying again cannot help: the row goes to the dead letters and a person."""


@dataclass(frozen=True)
class Kind:
    """One kind of promise: its rows, how one is kept, and what to do when it goes to the dead letters."""

    name: str
    model: type[WorkRow]
    keep: Callable[[Any], None]
    on_dead: Callable[[Any], None] | None = None


class Registry:
    """All kinds of promises; filled by the apps when they are ready."""

    kinds: ClassVar[dict[str, Kind]] = {}
    sweeps: ClassVar[dict[str, Callable[[], int]]] = {}

    @classmethod
    def add_sweep(cls, name: str, sweep: Callable[[], int]) -> None:
        """A look for work that a lost signal left behind; it returns how much it found and did."""
        cls.sweeps[name] = sweep

    @classmethod
    def add(
        cls,
        name: str,
        model: type[WorkRow],
        keep: Callable[[Any], None],
        on_dead: Callable[[Any], None] | None = None,
    ) -> None:
        cls.kinds[name] = Kind(name, model, keep, on_dead)


def ring(name: str, pk: int) -> None:
    """After commit, tell a worker that a row of kind `name` waits. Lost rings do no harm: the sweep finds the row."""
    from core.tasks import ring_bell

    transaction.on_commit(lambda: ring_bell(name, pk), robust=True)


def work_one(name: str, pk: int, *, at: datetime | None = None) -> bool:
    """Claim the row `pk` if it is due and free, and keep it. True when this call did the work."""
    return _work(Registry.kinds[name], 1, at or timezone.now(), Q(pk=pk)) == 1


def drain(name: str, *, limit: int = 100, at: datetime | None = None) -> int:
    """Keep up to `limit` due rows of kind `name`, one by one; returns how many were worked on."""
    kind, done = Registry.kinds[name], 0
    while done < limit and _work(kind, 1, at or timezone.now(), Q()):
        done += 1
    return done


def _work(kind: Kind, limit: int, at: datetime, which: Q) -> int:
    rows = _claim(kind.model, limit, at, which)
    for row in rows:
        _keep(kind, row)
    return len(rows)


def _claim(model: type[WorkRow], limit: int, at: datetime, which: Q) -> list[WorkRow]:
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=at)
    with transaction.atomic():
        rows = list(
            model._default_manager.select_for_update(skip_locked=True, of=("self",))
            .filter(which, free, work_state=WorkState.PENDING, due_at__lte=at)
            .order_by("due_at")[:limit]
        )
        for row in rows:
            row.attempts += 1
            row.lease_until = at + LEASE
            row.save(update_fields=["attempts", "lease_until"])
    return rows


def _keep(kind: Kind, row: WorkRow) -> None:
    now = timezone.now
    try:
        kind.keep(row)
    except Later as later:
        _finish(row, due_at=now() + timedelta(seconds=later.seconds), last_error=str(later)[:300])
    except GiveUp as error:
        _bury(kind, row, error)
    except Exception as error:
        log.warning("promise %s #%s failed: %s", kind.name, row.pk, type(error).__name__, exc_info=True)
        if row.failures + 1 >= MAX_ATTEMPTS:
            _bury(kind, row, error)
        else:
            wait = BACKOFF_SECONDS[min(row.failures, len(BACKOFF_SECONDS) - 1)]
            _finish(
                row,
                failures=row.failures + 1,
                due_at=now() + timedelta(seconds=wait),
                last_error=_describe(error),
            )
    else:
        _finish(row, work_state=WorkState.DONE, done_at=now(), last_error="")


def _bury(kind: Kind, row: WorkRow, error: Exception) -> None:
    with transaction.atomic():
        buried = _finish(row, work_state=WorkState.DEAD, failures=row.failures + 1, last_error=_describe(error))
        if buried and kind.on_dead:
            kind.on_dead(row)
    if buried:
        log.error("promise %s #%s is dead", kind.name, row.pk)


def _finish(row: WorkRow, **changes: Any) -> bool:
    """Write the outcome unless a later attempt has taken over (fencing)."""
    mine = type(row)._default_manager.filter(pk=row.pk, attempts=row.attempts, work_state=WorkState.PENDING)
    return mine.update(lease_until=None, **changes) == 1


def _describe(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]


def each(rows: Iterable[Any], act: Callable[[Any], object]) -> int:
    """Do `act` to each row; one that fails does not stop the others. Returns how many were done."""
    done = 0
    for row in rows:
        try:
            done += bool(act(row))
        except Exception:
            log.exception("a sweep failed at %r", row)
    return done


def revive(row: WorkRow, *, at: datetime) -> bool:
    """A person tries a dead row again. Returns False when it is not dead any more."""
    dead = type(row)._default_manager.filter(pk=row.pk, work_state=WorkState.DEAD)
    return dead.update(work_state=WorkState.PENDING, failures=0, due_at=at, lease_until=None) == 1
