"""Changes in plain words: names instead of numbers, choices as people read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Field, Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from audit.changes import Change

LONG = 160


def plain(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """What the page shows of each change."""
    rows = list(changes)
    names = _names(rows)
    return [_words(change, names) for change in rows]


def _words(change: Change, names: dict[tuple[type[Model], Any], str]) -> dict[str, Any]:
    trail = change.trail
    return {
        "at": change.row.pgh_created_at,
        "deed": {"insert": _("added"), "update": _("changed"), "delete": _("deleted")}[change.label],
        "label": change.label,
        "kind": change.model._meta.verbose_name,
        "name": change.name or names.get((change.model, change.row.pgh_obj_id)) or _("no longer there"),  # type: ignore[attr-defined]
        "of": f"{change.model._meta.label_lower}:{change.row.pgh_obj_id}",  # type: ignore[attr-defined]
        "who": trail.get("name") or {"visitor": _("a visitor")}.get(trail.get("kind", ""), _("not known")),
        "role": trail.get("kind", ""),
        "door": trail.get("door", ""),
        "request": trail.get("request", ""),
        "unseen": change.unseen,
        "moved": [
            (field.verbose_name, _value(field, before, names), _value(field, after, names))
            for field, before, after in change.moved
        ],
    }


def _names(changes: list[Change]) -> dict[tuple[type[Model], Any], str]:
    """What the numbers of other rows stand for: one query for each kind of row."""
    wanted: dict[type[Model], set[Any]] = defaultdict(set)
    for change in changes:
        for field, before, after in change.moved:
            if field.is_relation:
                wanted[field.related_model] |= {pk for pk in (before, after) if pk is not None}
        if not change.name:
            wanted[change.model].add(change.row.pgh_obj_id)  # type: ignore[attr-defined]
    return {
        (model, pk): str(row)
        for model, keys in wanted.items()
        for pk, row in model._default_manager.select_related(*_neighbours(model)).in_bulk(keys).items()
    }


def _neighbours(model: type[Model]) -> list[str]:
    """What the words of a row may name: its rows one table further on."""
    return [field.name for field in model._meta.concrete_fields if field.is_relation]


def _value(field: Field[Any, Any], value: Any, names: dict[tuple[type[Model], Any], str]) -> str:
    if value is None or value in ("", [], {}):
        return "–"
    if field.is_relation:
        return names.get((field.related_model, value)) or _("no longer there")  # type: ignore[arg-type]
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j M Y, H:i")
    if isinstance(value, date):
        return date_format(value, "j M Y")
    if isinstance(value, Decimal):
        return f"{value:,}"
    return Truncator(str(value)).chars(LONG)
