"""The nightly look for card numbers in free text. The verbs mask them first; this proves it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.db.models import Model

from accounts.domain.privacy import news
from core.actors import SYSTEM
from core.free_text import SQL_RUN, cards_in
from core.personal_data import Registry

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a card number stands; the number itself is never told."""

    model: str
    field: str
    pk: object


def columns() -> Iterator[tuple[type[Model], str]]:
    """Every column that people type into."""
    for contributor in Registry.upwards():
        for path in contributor.free_text:
            label, _, name = path.rpartition(".")
            yield apps.get_model(label), name


def scan() -> list[Hit]:
    """PostgreSQL looks for long runs of digits, Luhn's check decides."""
    found = []
    for model, name in columns():
        rows = model._default_manager.filter(**{f"{name}__regex": SQL_RUN}).values_list("pk", name)
        for pk, text in rows.iterator(chunk_size=500):
            if next(cards_in(str(text)), None):
                found.append(Hit(model._meta.label, name, pk))
    return found


def report(*, at: datetime) -> int:
    """Scan, and tell the house when something is found; returns how much."""
    hits = scan()
    for hit in hits:
        log.error("a card number stands in %s.%s of row %s", hit.model, hit.field, hit.pk)
    if hits:
        news.tell("card numbers found", None, by=SYSTEM, at=at, subject="privacy:cards", count=len(hits))
    return len(hits)
