"""What was changed: the events of many tables read as one list, each with what was there before.

Only the keys are read from all tables at once (one query, bounded for each table); the rows themselves are then fetched
for what is shown. Who may see which table is the caller's word: `Shelf`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import CharField, F, Model, OuterRef, Q, QuerySet, Subquery, Value

from audit.events import kept_fields
from core.tracked import EventRow

NAMED_BY = ("reference", "txnid", "code", "number", "slug", "email", "title", "name", "label", "subject")


@dataclass(frozen=True, slots=True)
class Shelf:
    """One event table that the reader may see; `rows` keeps the objects that she may see, None: all of them."""

    model: type[Model]
    event: Any  # the event model; its fields are made by the decorator
    rows: QuerySet[Any] | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What is looked for. `actor` is the number of an account; times are aware, `until` is exclusive.

    With `pk` only that row of `model`, and the rows of other tables that belong to it: `also`, keys by table.
    """

    model: str = ""
    pk: str = ""
    also: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    actor: int | None = None
    kind: str = ""
    request: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(slots=True)
class Change:
    """One event: a row was added, changed or deleted."""

    model: type[Model]
    row: EventRow
    before: EventRow | None
    moved: list[tuple[Any, Any, Any]] = field(default_factory=list)  # (field, before, after)

    @property
    def label(self) -> str:
        return self.row.pgh_label

    @property
    def trail(self) -> dict[str, Any]:
        return getattr(self.row, "pgh_context", None) or {}

    @property
    def name(self) -> str:
        """How people call the row; empty when it carries no name itself."""
        for name in NAMED_BY:
            if value := getattr(self.row, name, None):
                return str(value)
        return ""

    @property
    def unseen(self) -> bool:
        """Something was changed that events do not keep: a password, a rule's words."""
        return self.label == "update" and self.before is not None and not self.moved


def find(shelves: Iterable[Shelf], wish: Wish, *, limit: int, offset: int = 0) -> list[Change]:
    """The newest changes that fit the wish, from what the reader may see."""
    shelves, wanted_of = list(shelves), {wish.model, *wish.also}
    arms = [
        _keys(shelf, wish)[: limit + offset]
        for shelf in shelves
        if not wish.model or shelf.model._meta.label_lower in wanted_of
    ]
    if not arms:
        return []
    if len(arms) > 1:
        arms = [arms[0].union(*arms[1:], all=True).order_by("-evt_at", "-evt_id")[: limit + offset]]
    keys = list(arms[0])[offset:]
    wanted: dict[str, list[int]] = defaultdict(list)
    for label, pgh_id, _at in keys:
        wanted[label].append(pgh_id)
    found = {
        (shelf.model._meta.label_lower, change.row.pk): change
        for shelf in shelves
        if shelf.model._meta.label_lower in wanted
        for change in _read(shelf, wanted[shelf.model._meta.label_lower])
    }
    return [found[label, pgh_id] for label, pgh_id, _at in keys]


def _keys(shelf: Shelf, wish: Wish) -> QuerySet[Any]:
    fits = Q()
    if wish.pk:
        own = shelf.model._meta.label_lower == wish.model
        fits &= Q(pgh_obj_id=wish.pk) if own else Q(pgh_obj_id__in=wish.also[shelf.model._meta.label_lower])
    if wish.actor is not None:
        fits &= Q(pgh_context__user=wish.actor)
    if wish.kind:
        fits &= Q(pgh_context__kind=wish.kind)
    if wish.request:
        fits &= Q(pgh_context__request=wish.request)
    if wish.since:
        fits &= Q(pgh_created_at__gte=wish.since)
    if wish.until:
        fits &= Q(pgh_created_at__lt=wish.until)
    rows = shelf.event._default_manager.filter(fits)
    if shelf.rows is not None:
        rows = rows.filter(pgh_obj_id__in=shelf.rows.order_by().values("pk"))
    label = Value(shelf.model._meta.label_lower, CharField())
    keys = rows.annotate(evt_of=label, evt_id=F("pgh_id"), evt_at=F("pgh_created_at"))
    fitting: QuerySet[Any] = keys.order_by("-pgh_id").values_list("evt_of", "evt_id", "evt_at")
    return fitting


def _read(shelf: Shelf, keys: list[int]) -> list[Change]:
    earlier = shelf.event._default_manager.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id"))
    rows = list(
        shelf.event._default_manager.filter(pk__in=keys).annotate(
            earlier=Subquery(earlier.order_by("-pgh_id").values("pgh_id")[:1])
        )
    )
    before = shelf.event._default_manager.in_bulk({row.earlier for row in rows if row.earlier})
    return [_change(shelf, row, before.get(row.earlier)) for row in rows]


def _change(shelf: Shelf, row: EventRow, before: EventRow | None) -> Change:
    """What an update moved; of an addition or deletion the row as it was, without what is empty."""
    old: Callable[[Any], Any] = (lambda one: getattr(before, one.attname)) if before else (lambda one: None)
    moved = []
    for one in kept_fields(shelf.event):
        then, now = old(one), getattr(row, one.attname)
        if row.pgh_label == "update" and before is not None and then != now:
            moved.append((one, then, now))
        elif (row.pgh_label != "update" or before is None) and now not in (None, "", [], {}) and one.name != "id":
            moved.append((one, now, None) if row.pgh_label == "delete" else (one, None, now))
    return Change(shelf.model, row, before, moved)
