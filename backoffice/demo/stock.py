"""Counters and rooms that follow from the stays: inventory nights, blocks, housekeeping."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from django.db import connection

from backoffice.demo.year import REACH, blocks
from bookings.states import HOLDS_STOCK, State
from rooms.models import Assignment, Block, InventoryNight, Property, Room, RoomType

RECOUNT = """
UPDATE rooms_inventorynight AS n SET sold = coalesce(taken.rooms, 0)
FROM rooms_inventorynight AS own
JOIN rooms_roomtype AS t ON t.id = own.room_type_id AND t.property_id = %(property)s
LEFT JOIN (
    SELECT r.room_type_id, night::date AS night, count(*) AS rooms
    FROM bookings_staybooking AS b
    JOIN bookings_bookedroom AS r ON r.booking_id = b.id,
    LATERAL generate_series(b.check_in, b.check_out - 1, interval '1 day') AS night
    WHERE b.state = ANY(%(states)s) AND b.check_out > %(since)s
    GROUP BY 1, 2
) AS taken ON taken.room_type_id = own.room_type_id AND taken.night = own.night
WHERE n.id = own.id AND n.sold IS DISTINCT FROM coalesce(taken.rooms, 0)
"""


def write_past_nights(retreat: Property, *, today: date) -> None:
    """Rows for the half year behind us, so that yesterday's occupancy is known too."""
    for room_type in RoomType.objects.filter(property=retreat):
        capacity = Room.objects.filter(room_type=room_type, active=True).count()
        nights = (today - timedelta(days=back) for back in range(1, REACH + 31))
        InventoryNight.objects.bulk_create(
            [InventoryNight(room_type=room_type, night=night, capacity=capacity) for night in nights],
            ignore_conflicts=True,
        )


def write_blocks(retreat: Property, *, today: date) -> None:
    """Rooms out of order, with their share in the counters."""
    rooms = {room.number: room for room in Room.objects.filter(room_type__property=retreat)}
    for number, first_night, back, reason in blocks(today):
        room = rooms[number]
        Block.objects.create(
            room=room, first_night=first_night, last_day=back, reason=reason, created_by="Housekeeping"
        )
        InventoryNight.objects.filter(room_type_id=room.room_type_id, night__gte=first_night, night__lt=back).update(
            blocked=1
        )


def recount(retreat: Property, *, today: date) -> None:
    """Counters from the stays themselves: each night as many as hold stock, or held it until they were over."""
    states = [str(state) for state in (*HOLDS_STOCK, State.COMPLETED)]
    since = today - timedelta(days=REACH + 30)
    with connection.cursor() as cursor:
        cursor.execute(RECOUNT, {"property": retreat.pk, "states": states, "since": since})


def make_rooms_look_lived_in(retreat: Property, dirty: set[str], ready: set[str], *, today: date, seed: int) -> None:
    """Housekeeping's morning: rooms of arrivals are ready unless named `dirty`, occupied ones are mixed."""
    rng = Random(f"{seed}:housekeeping")
    occupied = set(
        Assignment.objects.filter(active=True, check_in__lt=today, check_out__gte=today).values_list(
            "room__number", flat=True
        )
    )
    blocked = {number for number, first, back, _ in blocks(today) if first <= today < back}
    rooms = list(Room.objects.filter(room_type__property=retreat))
    for room in rooms:
        if room.number in blocked:
            room.condition = Room.Condition.OUT_OF_ORDER
        elif room.number in dirty:
            room.condition = Room.Condition.DIRTY
        elif room.number in ready - occupied:
            room.condition = Room.Condition.INSPECTED
        elif room.number in occupied:
            room.condition = rng.choice((Room.Condition.DIRTY, Room.Condition.CLEAN))
        else:
            room.condition = rng.choice((Room.Condition.CLEAN, Room.Condition.CLEAN, Room.Condition.INSPECTED))
    Room.objects.bulk_update(rooms, ["condition"])
