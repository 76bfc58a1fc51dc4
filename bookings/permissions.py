"""Who may see and do what with a stay. Somebody else's stay is simply not there."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from bookings.domain import access
from bookings.models import StayBooking
from core.actors import GUEST_LINK, Actor
from core.errors import Missing
from core.references import normalise

VIEW = "bookings.view_staybooking"
CANCEL = "bookings.cancel_stay"


def sees_all(user: Any) -> bool:
    """Staff whose role looks at bookings (front desk, reservations, finance, manager)."""
    return bool(user.is_authenticated and user.is_staff and user.has_perm(VIEW))


def own(user: Any) -> QuerySet[StayBooking]:
    """The stays of one account."""
    return StayBooking.objects.filter(user=user) if user.is_authenticated else StayBooking.objects.none()


def visible_to(user: Any) -> QuerySet[StayBooking]:
    """All stays this person may look at: her own, or by role all of them."""
    return StayBooking.objects.all() if sees_all(user) else own(user)


def find(reference: str, *, user: Any, key: str = "", among: QuerySet[StayBooking] | None = None) -> StayBooking:
    """The stay with `reference` for its owner, for staff by role, or for the holder of its signed `key`.

    `among` brings the related rows a door needs. Raises Missing("unknown_booking") for everybody else.
    """
    reference = normalise(reference)
    visible = visible_to(user)
    if key and opens(key, reference):
        visible = StayBooking.objects.all()
    rows = visible if among is None else among & visible
    booking = rows.filter(reference=reference).first()
    if booking is None:
        raise Missing("unknown_booking", "There is no such booking.")
    return booking


def opens(key: str, reference: str) -> bool:
    """True when the signed `key` belongs to this stay."""
    try:
        return access.reference_of(key) == reference
    except Missing:
        return False


def is_own(booking: StayBooking, *, user: Any, key: str = "") -> bool:
    """The owner, or the holder of the signed key."""
    mine = user.is_authenticated and booking.user_id == user.pk
    return bool(mine or (key and opens(key, booking.reference)))


def actor(user: Any) -> Actor:
    """Who acts at a door: an account, or a guest with a signed link."""
    return Actor.of(user) if user.is_authenticated else GUEST_LINK
