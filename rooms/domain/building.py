"""A room more: the physical thing, and the stock that it adds to every night from today on."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import F

from audit.record import changed
from core.actors import Actor
from core.db import in_transaction
from core.errors import Conflict
from rooms.models import InventoryNight, Room, RoomType


def add_room(
    room_type: RoomType, number: str, *, today: date, by: Actor, at: datetime, floor: int = 0, bed: str = ""
) -> Room:
    """Add a room; it can be sold from `today` (property-local) on. Raises Conflict("room_exists")."""

    def act() -> Room:
        if Room.objects.filter(room_type__property=room_type.property_id, number=number).exists():
            raise Conflict("room_exists", f"There is a room {number} already.", attr="number")
        nights = InventoryNight.objects.select_for_update().filter(room_type=room_type, night__gte=today)
        list(nights.order_by("room_type_id", "night").values_list("pk", flat=True))
        made = Room.objects.create(room_type=room_type, number=number, floor=floor, bed=bed)
        InventoryNight.objects.filter(room_type=room_type, night__gte=today).update(capacity=F("capacity") + 1)
        changed(f"room:{number}", "added", by=by, at=at)
        return made

    return in_transaction(act)
