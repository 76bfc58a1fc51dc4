"""Tasks for people."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from core.errors import Conflict
from notifications.models import StaffTask


class Elsewhere:
    """Tasks that end by the deed they ask for, and by nothing else. Filled by the app that knows the deed."""

    deeds: ClassVar[dict[str, tuple[Any, Any]]] = {}

    @classmethod
    def ends(cls, kind: str, *, deed: Any, refusal: Any) -> None:
        """Tasks about subjects `kind:…` end with `deed` (a word or two, on the page of the subject)."""
        cls.deeds[kind] = (deed, refusal)

    @classmethod
    def of(cls, task: StaffTask) -> tuple[Any, Any] | None:
        """The deed that ends this task, and what is said to whoever tries another way; None for all other tasks."""
        return cls.deeds.get(task.subject.partition(":")[0])


def ask_staff(desk: str, title: str, *, key: str, subject: str, at: datetime) -> StaffTask:
    """Put a task on a desk, once per key."""
    task, _ = StaffTask.objects.get_or_create(
        key=key, defaults={"desk": desk, "title": title[:200], "subject": subject, "created_at": at}
    )
    return task


def finish(task: StaffTask, *, user_id: int, at: datetime) -> None:
    """Done. Raises Conflict("already_done" | "ends_elsewhere")."""
    if (elsewhere := Elsewhere.of(task)) is not None:
        raise Conflict("ends_elsewhere", str(elsewhere[1]))
    if not StaffTask.objects.filter(pk=task.pk, done_at__isnull=True).update(done_at=at, done_by_id=user_id):
        raise Conflict("already_done", "Somebody has done this already.")


def overtaken(key: str, *, user_id: int | None, at: datetime) -> None:
    """What the task with this key asked for has happened by itself; nothing when it is done or was never asked."""
    StaffTask.objects.filter(key=key, done_at__isnull=True).update(done_at=at, done_by_id=user_id)


def settled(subject: str, *, user_id: int | None, at: datetime) -> None:
    """Whatever was asked of staff about this subject has been done; nothing when nothing was asked."""
    StaffTask.objects.filter(subject=subject, done_at__isnull=True).update(done_at=at, done_by_id=user_id)
