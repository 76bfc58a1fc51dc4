"""What is free: one SQL query over the inventory nights, whose cost depends on nights and types, never on bookings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from core.nights import Nights
from core.phones import shown
from rooms.models import InventoryNight, Property, RoomType

STOCK = """
SELECT t.id, t.slug, t.name, t.category,
       COUNT(n.id) FILTER (WHERE n.night < %(out)s) AS nights,
       COALESCE(MAX(n.capacity) FILTER (WHERE n.night < %(out)s), 0) AS total,
       COALESCE(MIN(GREATEST(LEAST(n.capacity - n.blocked - n.sold, COALESCE(n.pms_limit, 32767) - n.sold), 0))
                FILTER (WHERE n.night < %(out)s), 0) AS available,
       COALESCE(BOOL_OR(n.closed) FILTER (WHERE n.night < %(out)s), FALSE) AS closed,
       COALESCE(BOOL_OR(n.closed_to_arrival) FILTER (WHERE n.night = %(in)s), FALSE) AS cta,
       COALESCE(BOOL_OR(n.closed_to_departure) FILTER (WHERE n.night = %(out)s), FALSE) AS ctd,
       MAX(n.min_stay) FILTER (WHERE n.night = %(in)s) AS min_stay,
       MIN(n.max_stay) FILTER (WHERE n.night = %(in)s) AS max_stay,
       t.max_adults, t.max_children, t.max_people
FROM rooms_roomtype t
LEFT JOIN rooms_inventorynight n ON n.room_type_id = t.id AND n.night >= %(in)s AND n.night <= %(out)s
WHERE t.property_id = %(property)s AND t.published
GROUP BY t.id
ORDER BY t.position, t.slug
"""


@dataclass(frozen=True, slots=True)
class TypeStock:
    """One room type over some nights: rooms `available` on every night, and why there are none."""

    id: int
    slug: str
    name: str
    category: str
    total: int
    available: int
    reason: str
    max_adults: int
    max_children: int
    max_people: int


def stock(property: Property, nights: Nights) -> list[TypeStock]:
    """Each published type with the rooms that can be sold for the whole stay, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(STOCK, {"in": nights.check_in, "out": nights.check_out, "property": property.pk})
        return [_judge(row, len(nights)) for row in cursor.fetchall()]


def _judge(row: tuple, length: int) -> TypeStock:  # type: ignore[type-arg]
    ident, slug, name, category, found, total, free, closed, cta, ctd, low, high, adults, children, people = row
    if found < length:
        free, reason = 0, "beyond_horizon"
    elif closed:
        free, reason = 0, "closed"
    elif cta:
        free, reason = 0, "closed_to_arrival"
    elif ctd:
        free, reason = 0, "closed_to_departure"
    elif low and length < low:
        free, reason = 0, "min_stay"
    elif high and length > high:
        free, reason = 0, "max_stay"
    else:
        reason = "" if free else "sold_out"
    return TypeStock(ident, slug, name, category, total, free, reason, adults, children, people)


def nearest_free(
    room_type: RoomType, nights: Nights, *, earliest: date, count: int = 3, rooms: int = 1, reach: int = 30
) -> list[Nights]:
    """Up to `count` stays of the same length, nearest to the wanted arrival, within `reach` days, none before
    `earliest`."""
    length = len(nights)
    rows = InventoryNight.objects.filter(
        room_type=room_type,
        night__gte=max(earliest, nights.check_in - timedelta(days=reach)),
        night__lte=nights.check_out + timedelta(days=reach),
    )
    by_night = {row.night: row for row in rows}
    found: list[Nights] = []
    for start in _outward(nights.check_in, reach):
        if start >= earliest and _sellable(by_night, Nights(start, start + timedelta(days=length)), rooms):
            found.append(Nights(start, start + timedelta(days=length)))
            if len(found) == count:
                break
    return sorted(found, key=lambda stay: stay.check_in)


def _outward(middle: date, reach: int) -> Iterator[date]:
    for distance in range(1, reach + 1):
        yield middle - timedelta(days=distance)
        yield middle + timedelta(days=distance)


def _sellable(by_night: dict[date, InventoryNight], stay: Nights, rooms: int) -> bool:
    from rooms.domain.inventory import left

    first, last = by_night.get(stay.check_in), by_night.get(stay.check_out)
    if first is None or first.closed_to_arrival or (last is not None and last.closed_to_departure):
        return False
    if (first.min_stay and len(stay) < first.min_stay) or (first.max_stay and len(stay) > first.max_stay):
        return False
    return all(night in by_night and left(by_night[night]) >= rooms for night in stay)


def month(room_type: RoomType, first: date, last: date) -> list[InventoryNight]:
    """The inventory nights of a type in `[first, last]`, for a calendar."""
    return list(InventoryNight.objects.filter(room_type=room_type, night__gte=first, night__lte=last).order_by("night"))


def house_month(property: Property, first: date, last: date) -> list[InventoryNight]:
    """The inventory nights of every published type in `[first, last]`, for the calendar of the whole house."""
    return list(
        InventoryNight.objects.filter(
            room_type__property=property, room_type__published=True, night__gte=first, night__lte=last
        )
    )


def open_arrivals(room_types: Iterable[int], first: date, last: date, *, length: int) -> list[date]:
    """Days of `[first, last]` on which at least one of the types is free for `length` nights; one query."""
    return open_arrivals_by_length(room_types, first, last, lengths=[length])[length]


def open_arrivals_by_length(
    room_types: Iterable[int], first: date, last: date, *, lengths: Iterable[int]
) -> dict[int, list[date]]:
    """The same for several lengths of stay at once; still one query."""
    wanted = set(lengths)
    rows = InventoryNight.objects.filter(
        room_type_id__in=list(room_types), night__gte=first, night__lte=last + timedelta(days=max(wanted, default=0))
    )
    by_type: dict[int, dict[date, InventoryNight]] = {}
    for row in rows:
        by_type.setdefault(row.room_type_id, {})[row.night] = row
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    return {length: [day for day in days if _any_free(by_type, day, length)] for length in wanted}


def _any_free(by_type: dict[int, dict[date, InventoryNight]], start: date, length: int) -> bool:
    stay = Nights(start, start + timedelta(days=length))
    return any(_sellable(by_night, stay, 1) for by_night in by_type.values())


def property_of_the_site() -> Property | None:
    """The property that this site sells: the first one; None before there is any."""
    return Property.objects.order_by("pk").first()


def signs() -> dict[str, str]:
    """Who signs letters that belong to no stay: how to reach the first property; empty without one."""
    home = property_of_the_site()
    if home is None:
        return {}
    return {"name": home.name, "phone": shown(home.phone), "email": home.email, "address": home.address}
