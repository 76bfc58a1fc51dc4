"""`@tracked`: every change of a business table leaves an event row, whoever makes it and by whatever statement.

The events are written by triggers of the database (django-pghistory), so bulk updates and raw SQL are caught as well.
Each tracked table has an event table of its own; an event carries the row as it was after the change (before it, for a
deletion) and the trail: who, by which door, in which request (`core.trail`). Event tables only grow (`EVENTS_GUARD`).
Every model of the house is tracked or named, with a reason, in `config.untracked`; a test holds that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import pghistory
import pgtrigger
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F
from django.db.models.fields.json import KeyTransform
from pghistory.models import Event

from core.triggers import OnlyGrows
from core.work import WorkRow

Tracked = TypeVar("Tracked", bound=type[models.Model])

WORK_COLUMNS = ("work_state", "due_at", "lease_until", "attempts", "failures", "last_error", "done_at")
EVENTS_GUARD = (
    OnlyGrows(name="only_grows", level=pgtrigger.Row, operation=pgtrigger.Update),
    OnlyGrows(name="never_shrinks", level=pgtrigger.Statement, operation=pgtrigger.Delete | pgtrigger.Truncate),
)


class EventRow(Event):
    """What all event tables share; `pgh_context` is the trail as JSON, so no second table is written."""

    pgh_id = models.BigAutoField(primary_key=True)

    class Meta:
        abstract = True


def tracked(
    model: Any = None, *, exclude: tuple[str, ...] = (), blind: tuple[str, ...] = (), quiet: tuple[str, ...] = ()
) -> Any:
    """Class decorator, with or without brackets.

    exclude  never stored, and a change of them alone leaves no event (secrets, sealed words, counters)
    blind    never stored, but a change of them leaves an event that shows who and when (a password)
    quiet    stored with other changes, but a change of them alone leaves no event (stock counters, last sign-in)

    The columns with which `core.work` keeps a promise are always left out: a lease is no business.
    """
    if model is None:
        return lambda one: _track(one, exclude, blind, quiet)
    return _track(model, exclude, blind, quiet)


def _track(model: Tracked, exclude: tuple[str, ...], blind: tuple[str, ...], quiet: tuple[str, ...]) -> Tracked:
    names = [field.name for field in model._meta.concrete_fields]
    unknown = {*exclude, *blind, *quiet} - set(names)
    if unknown:
        raise ValueError(f"{model.__name__} has no {', '.join(sorted(unknown))}")
    work = WORK_COLUMNS if issubclass(model, WorkRow) else ()
    stored = [name for name in names if name not in (*exclude, *blind, *work)]
    watched = [name for name in (*stored, *blind) if name not in quiet]
    decorate: Callable[[Tracked], Tracked] = pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(condition=pgtrigger.AnyChange(*watched)),
        pghistory.DeleteEvent(),
        fields=stored,
        model_name=f"{model.__name__}Event",
        base_model=EventRow,
        obj_field=pghistory.ObjForeignKey(related_name="+", related_query_name="+", db_index=False),
        context_field=pghistory.ContextJSONField(),
        context_id_field=None,  # type: ignore[arg-type]
        append_only=False,  # ours also refuses TRUNCATE, and knows the one lawful exception
        meta={
            "triggers": [*EVENTS_GUARD],
            "default_permissions": (),
            "indexes": [
                BrinIndex(fields=["pgh_created_at"], name=_index(model, "evt"), pages_per_range=32),
                models.Index(fields=["pgh_obj", "-pgh_id"], name=_index(model, "obj")),  # one object, newest first
                models.Index(KeyTransform("user", "pgh_context"), F("pgh_id").desc(), name=_index(model, "who")),
            ],
        },
    )
    return decorate(model)


def _index(model: type[models.Model], of: str) -> str:
    """Names of indexes are at most 30 characters."""
    return f"{model._meta.app_label[:8]}_{model._meta.model_name}"[:24] + f"_{of}"
