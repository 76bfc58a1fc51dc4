"""A stay that was booked without an account finds its owner."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from audit.record import changed
from bookings.domain import access, lifecycle
from bookings.models import StayBooking
from core.actors import Actor
from core.db import in_transaction
from core.errors import Conflict, Missing
from payments.domain import folio as folios


def claim(key: str, user: User, *, at: datetime) -> StayBooking:
    """Attach the stay behind the signed `key` to the account of `user`; claiming one's own again changes nothing.

    Raises Missing("bad_link" | "unknown_booking"), Conflict("already_claimed") when it belongs to another account.
    """
    booking = StayBooking.objects.filter(reference=access.reference_of(key)).first()
    if booking is None:
        raise Missing("unknown_booking", "There is no such booking.")

    def act() -> StayBooking:
        row = lifecycle.locked(booking)
        if row.user_id == user.pk:
            return row
        if row.user_id is not None:
            raise Conflict("already_claimed", "This stay belongs to an account already.")
        StayBooking.objects.filter(pk=row.pk).update(user=user)
        row.user = user
        folios.hand_over(row.folio, owner_id=user.pk)
        changed(row.subject, "claimed", by=Actor.of(user), at=at)
        return row

    return in_transaction(act)
