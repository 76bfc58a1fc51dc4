"""All event tables of the house (`core.tracked`), for whoever has to go over every one of them."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Model

from core.tracked import EventRow


def event_models() -> list[type[EventRow]]:
    """Every event model, in the order of the apps."""
    return [model for model in apps.get_models(include_auto_created=True) if issubclass(model, EventRow)]


def tracked_models() -> dict[type[Model], type[EventRow]]:
    """Tracked model -> its event model."""
    found: dict[Any, type[EventRow]] = {event.pgh_tracked_model: event for event in event_models()}
    return found


def events_of(model: type[Model]) -> type[EventRow]:
    """The event model of a tracked model; LookupError for one that is not tracked."""
    found = tracked_models().get(model)
    if found is None:
        raise LookupError(f"{model._meta.label} is not tracked")
    return found


def kept_fields(event: type[EventRow]) -> list[Any]:
    """The fields of the business row that an event keeps."""
    return [field for field in event._meta.concrete_fields if not field.name.startswith("pgh_")]
