"""How often programs and room types are booked of late: counted every hour, so that no page looks at the bookings."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count

from bookings.models import BookedRoom, StayBooking
from bookings.states import HOLDS_STOCK, State
from programs.domain import standing

LATELY = timedelta(days=30)
TAKEN = (*sorted(HOLDS_STOCK - {State.HELD}), State.COMPLETED)  # a hold that nobody has paid yet is no booking


def recount(*, at: datetime) -> None:
    """Count the stays of the last 30 days by program and by room type, by the index on their creation."""
    fresh = {"created_at__gt": at - LATELY, "created_at__lte": at, "state__in": TAKEN}
    programs = StayBooking.objects.filter(**fresh).order_by().values_list("program_id").annotate(Count("id"))
    rooms = (
        BookedRoom.objects.filter(**{f"booking__{name}": value for name, value in fresh.items()})
        .order_by()
        .values_list("room_type_id")
        .annotate(Count("booking_id", distinct=True))
    )
    standing.demand(dict(programs), dict(rooms), at=at)
