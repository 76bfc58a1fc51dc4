"""Closing nights and asking for longer stays: the restrictions of the inventory nights."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from audit.record import changed
from core.actors import Actor
from core.db import in_transaction
from core.errors import Invalid
from core.nights import Nights
from rooms.models import InventoryNight, RoomType
from rooms.signals import inventory_changed

SWITCHES = ("closed", "closed_to_arrival", "closed_to_departure")
LENGTHS = ("min_stay", "max_stay")
MOST_NIGHTS = 400


def restrict(types: Iterable[RoomType], nights: Nights, *, by: Actor, at: datetime, **wanted: Any) -> int:
    """Write the restrictions named in `wanted` on every night of every type; the others stay as they are.

    `closed`, `closed_to_arrival`, `closed_to_departure` are booleans; `min_stay`, `max_stay` are nights of 1 or more,
    or None for none. What is sold stays sold. Returns how many nights were written.
    Raises Invalid("nothing_to_do" | "unknown_restriction" | "bad_length" | "too_many_nights" | "no_nights").
    """
    chosen = sorted(types, key=lambda room_type: room_type.pk)
    _check(chosen, nights, wanted)

    def act() -> int:
        ids = [room_type.pk for room_type in chosen]
        rows = list(
            InventoryNight.objects.select_for_update()
            .filter(room_type_id__in=ids, night__gte=nights.check_in, night__lt=nights.check_out)
            .order_by("room_type_id", "night")
        )
        if not rows:
            raise Invalid("no_nights", "These nights are not in our books yet.")
        for row in rows:
            low, high = wanted.get("min_stay", row.min_stay), wanted.get("max_stay", row.max_stay)
            if low and high and low > high:
                raise Invalid("bad_length", f"On {row.night:%d %b %Y} the shortest stay passes the longest.")
        written = InventoryNight.objects.filter(pk__in=[row.pk for row in rows]).update(**wanted)
        for room_type in chosen:
            changed(
                f"room_type:{room_type.slug}"[:60],
                "restricted",
                by=by,
                at=at,
                first=nights.check_in.isoformat(),
                until=nights.check_out.isoformat(),
                **wanted,
            )
        transaction.on_commit(
            lambda: inventory_changed.send(sender=InventoryNight, room_type_ids=ids, nights=nights), robust=True
        )
        return written

    return in_transaction(act, durable=False)


def _check(types: list[RoomType], nights: Nights, wanted: dict[str, Any]) -> None:
    if not wanted or not types:
        raise Invalid("nothing_to_do", "Choose room types and at least one restriction to change.")
    if len(nights) > MOST_NIGHTS:
        raise Invalid("too_many_nights", f"At most {MOST_NIGHTS} nights at once.")
    for name, value in wanted.items():
        if name in SWITCHES and isinstance(value, bool):
            continue
        if name in LENGTHS and (value is None or (isinstance(value, int) and 1 <= value <= 365)):
            continue
        code = "bad_length" if name in LENGTHS else "unknown_restriction"
        raise Invalid(code, "A length of stay is a number of nights from 1 to 365.")
