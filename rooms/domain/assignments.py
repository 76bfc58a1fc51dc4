"""Which stay sleeps in which room."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import IntegrityError, transaction

from core.errors import Conflict, Missing
from core.nights import Nights
from rooms.models import Assignment, Room, RoomType


def assign(holder: str, room: Room, nights: Nights, *, label: str = "", pinned: bool = False) -> Assignment:
    """Promise `room` to `holder` (opaque key) for `nights`, moving its earlier assignment if there was one.

    Raises Conflict("room_taken") when somebody else has the room on one of the nights, Conflict("room_blocked") when
    it is out of order. The room is locked before the look, so that nobody blocks it meanwhile.
    """
    try:
        with transaction.atomic():
            room = Room.objects.select_for_update(no_key=True).get(pk=room.pk)
            if not room.active or _blocked(room, nights):
                raise Conflict("room_blocked", f"Room {room.number} is out of order on these nights.")
            Assignment.objects.select_for_update().filter(holder=holder, active=True).update(active=False)
            return Assignment.objects.create(
                room=room,
                check_in=nights.check_in,
                check_out=nights.check_out,
                holder=holder,
                label=label,
                pinned=pinned,
            )
    except IntegrityError as error:
        raise Conflict("room_taken", f"Room {room.number} is taken on these nights.") from error


def assign_any(
    holder: str,
    room_type: RoomType,
    nights: Nights,
    *,
    label: str = "",
    pinned: bool = False,
    last: Collection[int] = (),
) -> Assignment:
    """Promise the best free room of the type: clean ones first, then by number, and the rooms with a key in `last`
    only when there is no other. Raises Conflict("no_room_free")."""
    for room in sorted(free_rooms(room_type, nights), key=lambda room: (room.pk in last, not room.ready, room.number)):
        try:
            return assign(holder, room, nights, label=label, pinned=pinned)
        except Conflict:
            continue
    raise Conflict("no_room_free", f"No {room_type.name} is free for all these nights; move another stay first.")


def free_rooms(room_type: RoomType, nights: Nights) -> list[Room]:
    """Active rooms of the type without an assignment or a block on these nights."""
    taken = Assignment.objects.filter(active=True, check_in__lt=nights.check_out, check_out__gt=nights.check_in)
    rooms = Room.objects.filter(room_type=room_type, active=True).exclude(pk__in=taken.values("room_id"))
    return [room for room in rooms.prefetch_related("blocks") if not _blocked(room, nights)]


def current(holder: str) -> Assignment:
    """The active assignment of `holder`. Raises Missing("not_assigned")."""
    found = Assignment.objects.select_related("room").filter(holder=holder, active=True).first()
    if found is None:
        raise Missing("not_assigned", "No room has been assigned yet.")
    return found


def release(holders: Iterable[str]) -> int:
    """End the assignments of these holders; returns how many there were."""
    return Assignment.objects.filter(holder__in=list(holders), active=True).update(active=False)


def shorten(holder: str, nights: Nights) -> None:
    """An early departure: the room is free from `nights.check_out` on."""
    Assignment.objects.filter(holder=holder, active=True).update(check_out=nights.check_out)


def _blocked(room: Room, nights: Nights) -> bool:
    return any(
        block.lifted_at is None and block.first_night < nights.check_out and block.last_day > nights.check_in
        for block in room.blocks.all()
    )
