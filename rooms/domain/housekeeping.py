"""The condition of a room."""

from __future__ import annotations

from datetime import datetime

from audit.record import changed
from core.actors import Actor
from core.errors import Invalid
from rooms.models import Room


def set_condition(room: Room, condition: str, *, by: Actor, at: datetime) -> Room:
    """Mark a room dirty, clean, inspected or out of order. Raises Invalid("unknown_condition")."""
    if condition not in Room.Condition.values:
        raise Invalid("unknown_condition", "Choose dirty, clean, inspected or out of order.")
    before = room.condition
    Room.objects.filter(pk=room.pk).update(condition=condition)
    room.condition = condition
    changed(f"room:{room.number}", "condition", by=by, at=at, from_state=before, to_state=condition)
    return room
