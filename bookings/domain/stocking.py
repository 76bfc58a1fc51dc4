"""The stock that a booking holds, in the words of `rooms`."""

from __future__ import annotations

from bookings.domain.request import RoomRequest
from bookings.models import StayBooking
from core.nights import Nights
from rooms.domain import assignments, inventory
from rooms.domain.inventory import Wanted


def wanted(booking: StayBooking) -> list[Wanted]:
    """One room per booked room; a caregiver's own room is a booked room of its own."""
    return [Wanted(room.room_type_id) for room in booking.rooms.all()]


def wanted_for(rooms: tuple[RoomRequest, ...], type_ids: dict[str, int]) -> list[Wanted]:
    """The same for a wish that is not booked yet."""
    found = []
    for room in rooms:
        found.append(Wanted(type_ids[room.room_type], 1 + (room.caregiver == "own_room")))
    return found


def holders(booking: StayBooking) -> list[str]:
    return [str(room.key) for room in booking.rooms.all()]


def release(booking: StayBooking, nights: Nights | None = None) -> None:
    """Give back the nights of the stay (or `nights` of them); an ended stay gives back its rooms too."""
    inventory.release(wanted(booking), nights or booking.nights)
    if nights is None:
        assignments.release(holders(booking))


def retake(booking: StayBooking) -> None:
    """Take the stock of a lapsed hold again, without arrival restrictions. Raises SoldOut."""
    inventory.take(wanted(booking), booking.nights, arrival=False)
