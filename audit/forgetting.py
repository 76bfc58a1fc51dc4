"""Which columns of an event lose their words when a person is forgotten; the permission is `audit.redaction`'s."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.db import models

from audit.redaction import Pen, events_of, kept_fields, opened
from core.actors import Actor

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
SUBJECT = "privacy:redaction"
WORDS = (models.CharField, models.TextField, models.JSONField, models.GenericIPAddressField, models.DateField)


@contextmanager
def lawfully(why: str, *, by: Actor, at: datetime) -> Iterator[Pen]:
    """History open for blanking under one name: who was forgotten does not stand in the row that says so."""
    with opened(SUBJECT, by=by, at=at, reason=why) as pen:
        yield pen


def blank_events(pen: Pen, model: type[models.Model], which: dict[str, Any], *names: str) -> int:
    """Empty the columns `names` ("*": all that can hold words) in the events of `model` that `which` finds.

    A model without events has none to empty. Returns how many were.
    """
    try:
        kept = kept_fields(events_of(model))
    except LookupError:
        return 0
    every = "*" in names
    chosen = [field for field in kept if field.name in names or (every and holds_words(field))]
    return pen.blank(model, values={field.name: blank_of(field) for field in chosen}, **which)


def holds_words(field: Any) -> bool:
    """Columns that can hold words, addresses or days of a person."""
    return isinstance(field, WORDS) and not field.choices


def blank_of(field: Any) -> Any:
    """The empty value of a column; a day that may not be empty becomes one that tells nothing."""
    if field.null:
        return None
    if isinstance(field, models.JSONField):
        return {}
    if isinstance(field, (models.CharField, models.TextField)):
        return ""
    if isinstance(field, models.DateTimeField):
        return LONG_AGO
    if isinstance(field, models.DateField):
        return LONG_AGO.date()
    return field.get_default()
