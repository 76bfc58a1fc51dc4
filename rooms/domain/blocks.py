"""Rooms out of order for some nights."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from audit.record import changed
from core.actors import Actor
from core.db import in_transaction
from core.errors import Conflict
from core.nights import Nights
from rooms.models import Assignment, Block, InventoryNight, Room


def block(room: Room, nights: Nights, *, reason: str, by: Actor, at: datetime) -> Block:
    """Take the room out of order. Refused while a stay sleeps in it or the nights are sold to the last room.

    Raises Conflict("room_in_use", stays=[…]) or Conflict("sold_out_nights", nights=[…]). Nothing changes then.
    """

    def act() -> Block:
        rows = _lock(room, nights)
        stays = Assignment.objects.filter(
            room=room, active=True, check_in__lt=nights.check_out, check_out__gt=nights.check_in
        )
        if stays:
            names = ", ".join(stay.label or f"{stay.check_in:%d %b}" for stay in stays)
            raise Conflict("room_in_use", f"Room {room.number} is promised to: {names}. Move these stays first.")
        full = [row.night for row in rows if row.sold + row.blocked >= row.capacity]
        if full:
            days = ", ".join(f"{night:%d %b %Y}" for night in full)
            raise Conflict("sold_out_nights", f"All rooms of this type are sold on {days}.")
        InventoryNight.objects.filter(pk__in=[row.pk for row in rows]).update(blocked=F("blocked") + 1)
        made = Block.objects.create(
            room=room, first_night=nights.check_in, last_day=nights.check_out, reason=reason, created_by=by.name
        )
        changed(f"room:{room.number}", "blocked", by=by, at=at, reason=reason, until=f"{nights.check_out}")
        return made

    return in_transaction(act, durable=False)


def lift(blocked: Block, *, by: Actor, at: datetime) -> None:
    """The room is back in order; a second lift is refused with Conflict("already_lifted")."""
    with transaction.atomic():
        rows = _lock(blocked.room, Nights(blocked.first_night, blocked.last_day))
        if not Block.objects.filter(pk=blocked.pk, lifted_at__isnull=True).update(lifted_at=at):
            raise Conflict("already_lifted", "This room is back in order already.")
        InventoryNight.objects.filter(pk__in=[row.pk for row in rows]).update(blocked=F("blocked") - 1)
        changed(f"room:{blocked.room.number}", "block lifted", by=by, at=at)


def _lock(room: Room, nights: Nights) -> list[InventoryNight]:
    """The nights, then the room: who assigns it waits. Nights that a longer horizon added meanwhile come along."""
    _lock_nights(room, nights)
    Room.objects.select_for_update(no_key=True).get(pk=room.pk)
    return _lock_nights(room, nights)


def _lock_nights(room: Room, nights: Nights) -> list[InventoryNight]:
    return list(
        InventoryNight.objects.select_for_update()
        .filter(room_type_id=room.room_type_id, night__gte=nights.check_in, night__lt=nights.check_out)
        .order_by("room_type_id", "night")
    )
