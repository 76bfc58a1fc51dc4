"""Who is in a room at this moment, whatever the calendar says: a late departure keeps the next guest out."""

from __future__ import annotations

from collections.abc import Iterable

from bookings.models import BookedRoom
from bookings.states import State
from rooms.models import Assignment


def occupants(rooms: Iterable[int], *, but: Iterable[str] = ()) -> dict[int, str]:
    """The names of checked-in guests by the key of their room, without the holders `but`; two queries for any number.

    Rooms are those of the firm assignments of stays that are checked in, also when their last day is over.
    """
    holders = dict(
        Assignment.objects.filter(room_id__in=list(rooms), active=True)
        .exclude(holder__in=list(but))
        .values_list("holder", "room_id")
    )
    if not holders:
        return {}
    inside = BookedRoom.objects.filter(key__in=holders, booking__state=State.CHECKED_IN)
    return {holders[str(key)]: name for key, name in inside.values_list("key", "booking__contact_name")}
