"""Who may see and do what with a stay. Somebody else's stay is simply not there."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from bookings.domain import access
from bookings.models import StayBooking
from core.actors import GUEST_LINK, Actor
from core.errors import Missing
from core.reach import reach_of
from core.references import normalise

VIEW = "bookings.view_staybooking"
CANCEL = "bookings.cancel_stay"


def sees_bookings(user: Any) -> bool:
    """Staff whose role looks at bookings (front desk, reservations, finance, manager), those of their properties."""
    return bool(user.is_authenticated and user.is_staff and user.has_perm(VIEW))


def own(user: Any) -> QuerySet[StayBooking]:
    """The stays of one account."""
    return StayBooking.objects.filter(user=user) if user.is_authenticated else StayBooking.objects.none()


def visible_to(user: Any) -> QuerySet[StayBooking]:
    """All stays this person may look at: her own, and by role those of the properties she works for."""
    if not sees_bookings(user):
        return own(user)
    reach = reach_of(user)
    return StayBooking.objects.all() if reach.whole else StayBooking.objects.filter(Q(user=user) | reach.q("property"))


def staffed_by(user: Any) -> QuerySet[StayBooking]:
    """The stays that a member of staff works on; not those of her own holidays elsewhere."""
    rows = StayBooking.objects.all() if sees_bookings(user) else StayBooking.objects.none()
    return reach_of(user).rows(rows, "property")


def may_book_for_guests(user: Any) -> bool:
    """Staff who take bookings by telephone, for many guests from one desk."""
    return bool(user.is_active and user.is_staff and user.has_perm(CANCEL))


def may_do(user: Any, deed: str) -> bool:
    """A deed of staff on a stay, by the permission that it needs."""
    return bool(user.has_perm(deed))


def may_cancel(user: Any) -> bool:
    """Cancel a guest's stay under the policy."""
    return may_do(user, CANCEL)


def may_cancel_for_house(user: Any) -> bool:
    """Cancel with everything back."""
    return may_do(user, "bookings.cancel_for_house")


def may_override(user: Any) -> bool:
    """Check in past a shut gate, with a reason."""
    return may_do(user, "bookings.override_gates")


def find(reference: str, *, user: Any, key: str = "", among: QuerySet[StayBooking] | None = None) -> StayBooking:
    """The stay with `reference` for its owner, for staff by role, or for the holder of its signed `key`.

    `among` brings the related rows a door needs. Raises Missing("unknown_booking") for everybody else.
    """
    reference = normalise(reference)
    rows = StayBooking.objects.all() if among is None else among
    booking = (rows & visible_to(user)).filter(reference=reference).first()
    if booking is None and key:
        booking = rows.filter(reference=reference).first()
        if booking is not None and not opens(key, booking):
            booking = None
    if booking is None:
        raise Missing("unknown_booking", "There is no such booking.")
    return booking


def opens(key: str, booking: StayBooking) -> bool:
    """True when the signed `key` belongs to this stay, and links still open it."""
    try:
        return access.reference_of(key) == booking.reference and access.is_open(booking, at=timezone.now())
    except Missing:
        return False


def is_own(booking: StayBooking, *, user: Any, key: str = "") -> bool:
    """The owner, or the holder of the signed key."""
    mine = user.is_authenticated and booking.user_id == user.pk
    return bool(mine or (key and opens(key, booking)))


def actor(user: Any) -> Actor:
    """Who acts at a door: an account, or a guest with a signed link."""
    return Actor.of(user) if user.is_authenticated else GUEST_LINK
