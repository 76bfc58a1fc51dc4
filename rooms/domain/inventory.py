"""Taking stock and giving it back. Locks in one order (room type, night); the database refuses the bad state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F

from core.errors import Conflict, Invalid
from core.nights import Nights
from rooms.models import Block, InventoryNight, Property, Room, RoomType
from rooms.signals import inventory_changed

HORIZON_NIGHTS = 400


@dataclass(frozen=True)
class Wanted:
    """`count` rooms of a type."""

    room_type_id: int
    count: int = 1


class SoldOut(Conflict):
    """Not enough rooms; `nights` says which type is missing on which night."""

    def __init__(self, missing: list[tuple[int, date]]) -> None:
        super().__init__("sold_out", "These rooms have just been taken for your dates.")
        self.missing = missing


def take(wanted: Iterable[Wanted], nights: Nights, *, arrival: bool = True) -> None:
    """Take stock for every night, all or nothing, inside the caller's transaction.

    `arrival=False` skips the arrival, departure and length restrictions (re-taking a stay that was already sold).
    Raises SoldOut, Conflict("closed" | "min_stay" | "max_stay" | "closed_to_arrival" | "closed_to_departure"),
    Invalid("beyond_horizon").
    """
    need = _by_type(wanted)
    rows = _lock(need, nights)
    _all_nights_exist(rows, need, nights)
    if arrival:
        _check_restrictions(rows, need, nights)
    missing = [
        (row.room_type_id, row.night)
        for row in rows
        if row.night < nights.check_out and left(row) < need[row.room_type_id]
    ]
    if missing:
        raise SoldOut(missing)
    _add(need, nights, +1)


def release(wanted: Iterable[Wanted], nights: Nights) -> None:
    """Give the nights back, inside the caller's transaction. Rows beyond the table (long past) are nobody's."""
    need = _by_type(wanted)
    _lock(need, nights)
    _add(need, nights, -1)


def left(row: InventoryNight) -> int:
    """Rooms that may still be sold on that night; never below zero; a closed night has none."""
    if row.closed:
        return 0
    free = row.capacity - row.blocked - row.sold
    if row.pms_limit is not None:
        free = min(free, row.pms_limit - row.sold)
    return max(free, 0)


def extend_horizon(property: Property, *, today: date, nights: int = HORIZON_NIGHTS) -> int:
    """Make sure each room type has a row for each of the next `nights` nights; returns how many were missing.

    A block that reaches beyond the old horizon is counted in the new rows.
    """
    return sum(_extend(kind, today, nights) for kind in RoomType.objects.filter(property=property))


@transaction.atomic
def _extend(room_type: RoomType, today: date, nights: int) -> int:
    """The locked rooms keep blocks of this type from coming or going between the look and the new rows."""
    rooms = list(Room.objects.select_for_update(no_key=True).filter(room_type=room_type).order_by("pk"))
    have = set(InventoryNight.objects.filter(room_type=room_type, night__gte=today).values_list("night", flat=True))
    days = [today + timedelta(days=offset) for offset in range(nights)]
    blocks = list(Block.objects.filter(room__in=rooms, lifted_at__isnull=True, last_day__gt=today))
    rows = [
        InventoryNight(
            room_type=room_type,
            night=night,
            capacity=sum(room.active for room in rooms),
            blocked=sum(block.first_night <= night < block.last_day for block in blocks),
        )
        for night in days
        if night not in have
    ]
    InventoryNight.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    return len(rows)


def _by_type(wanted: Iterable[Wanted]) -> Counter[int]:
    need: Counter[int] = Counter()
    for one in wanted:
        need[one.room_type_id] += one.count
    return need


def _lock(need: Counter[int], nights: Nights) -> list[InventoryNight]:
    """The rows of all types and nights, locked in the order (room type, night); the departure day rides along."""
    return list(
        InventoryNight.objects.select_for_update()
        .filter(room_type_id__in=sorted(need), night__gte=nights.check_in, night__lt=nights.check_out)
        .order_by("room_type_id", "night")
    )


def _all_nights_exist(rows: list[InventoryNight], need: Counter[int], nights: Nights) -> None:
    if len(rows) != len(need) * len(nights):
        raise Invalid("beyond_horizon", "We do not sell these nights yet.", attr="check_out_date")


def _check_restrictions(rows: list[InventoryNight], need: Counter[int], nights: Nights) -> None:
    departures = InventoryNight.objects.filter(
        room_type_id__in=sorted(need), night=nights.check_out, closed_to_departure=True
    )
    if departures.exists():
        raise Conflict("closed_to_departure", "Departure is not possible on that day.")
    for row in rows:
        if row.closed:
            raise SoldOut([(row.room_type_id, row.night)])
        if row.night == nights.check_in:
            _check_arrival(row, nights)


def _check_arrival(row: InventoryNight, nights: Nights) -> None:
    if row.closed_to_arrival:
        raise Conflict("closed_to_arrival", "Arrival is not possible on that day.")
    if row.min_stay and len(nights) < row.min_stay:
        raise Conflict("min_stay", f"A stay that begins on that day lasts at least {row.min_stay} nights.")
    if row.max_stay and len(nights) > row.max_stay:
        raise Conflict("max_stay", f"A stay that begins on that day lasts at most {row.max_stay} nights.")


def _add(need: Counter[int], nights: Nights, sign: int) -> None:
    for room_type_id, count in sorted(need.items()):
        InventoryNight.objects.filter(
            room_type_id=room_type_id, night__gte=nights.check_in, night__lt=nights.check_out
        ).update(sold=F("sold") + sign * count)
    types = sorted(need)
    transaction.on_commit(
        lambda: inventory_changed.send(sender=InventoryNight, room_type_ids=types, nights=nights), robust=True
    )
