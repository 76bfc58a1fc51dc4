"""Stays that are over, for tests of what is said about them."""

from __future__ import annotations

from typing import Any

from bookings.domain import reviews
from bookings.models import GuestReview, StayBooking
from bookings.states import State
from core.actors import GUEST_LINK, Actor


def over(stays: Any, **wish: Any) -> StayBooking:
    """A completed stay: confirmed, then walked to its end past the calendar."""
    stay = stays.confirmed(**wish)
    StayBooking.objects.filter(pk=stay.pk).update(state=State.COMPLETED, checked_in_at=stays.at, ended_at=stays.at)
    stay.refresh_from_db()
    return stay


def written(stays: Any, *, rating: int = 5, text: str = "Quiet and kind.", **wish: Any) -> GuestReview:
    """A review that waits to be read."""
    show = wish.pop("show_name", True)
    stay = over(stays, **wish)
    return reviews.write(stay, rating=rating, text=text, show_name=show, by=GUEST_LINK, at=stays.at)


def published(stays: Any, **more: Any) -> GuestReview:
    """A review that everybody sees."""
    return reviews.publish(written(stays, **more), by=EDITOR, at=stays.at)


EDITOR = Actor("staff", name="Nisha Varma")
