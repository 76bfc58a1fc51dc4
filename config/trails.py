"""Background tasks leave their trail as requests do: the id of the task, and the house itself as the actor."""

from __future__ import annotations

from typing import Any

from celery.signals import task_postrun, task_prerun

from core import request_id, trail

_running: dict[str, tuple[Any, str]] = {}


@task_prerun.connect(weak=False)
def begin(task_id: str, **kwargs: Any) -> None:
    _running[task_id] = trail.begin_task(task_id), request_id.current()
    request_id.begin(task_id)


@task_postrun.connect(weak=False)
def end(task_id: str, **kwargs: Any) -> None:
    token, outer = _running.pop(task_id, (None, ""))
    if token is not None:
        trail.end_task(token)
        request_id.begin(outer)
