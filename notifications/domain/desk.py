"""Tasks for people."""

from __future__ import annotations

from datetime import datetime

from core.errors import Conflict
from notifications.models import StaffTask


def ask_staff(desk: str, title: str, *, key: str, subject: str, at: datetime) -> StaffTask:
    """Put a task on a desk, once per key."""
    task, _ = StaffTask.objects.get_or_create(
        key=key, defaults={"desk": desk, "title": title[:200], "subject": subject, "created_at": at}
    )
    return task


def finish(task: StaffTask, *, user_id: int, at: datetime) -> None:
    """Done. Raises Conflict("already_done")."""
    if not StaffTask.objects.filter(pk=task.pk, done_at__isnull=True).update(done_at=at, done_by_id=user_id):
        raise Conflict("already_done", "Somebody has done this already.")


def overtaken(key: str, *, user_id: int | None, at: datetime) -> None:
    """What the task with this key asked for has happened by itself; nothing when it is done or was never asked."""
    StaffTask.objects.filter(key=key, done_at__isnull=True).update(done_at=at, done_by_id=user_id)
