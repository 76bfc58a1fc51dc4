"""A stay that was booked without an account finds its owner: once, and only who reads the mail of the stay."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from accounts.domain import limits
from accounts.domain.codes import bad_code
from accounts.domain.limits import Limit
from accounts.models import Challenge, User
from audit.record import changed
from bookings.domain import access, lifecycle, proving
from bookings.models import StayBooking
from core.actors import Actor
from core.db import in_transaction
from core.errors import Conflict, Missing, NotAllowed
from payments.domain import folio as folios

ASKED = Limit("claim-code", 5, timedelta(hours=1))


def behind(key: str, *, at: datetime) -> StayBooking:
    """The stay of a signed key. Raises Missing("bad_link"), also when the stay is long over."""
    booking = StayBooking.objects.select_related("property").filter(reference=access.reference_of(key)).first()
    if booking is None or (booking.user_id is None and not access.is_open(booking, at=at)):
        raise Missing("bad_link", "This link is not complete or has run out. Ask us for a new one.")
    return booking


def is_proven(booking: StayBooking, user: User) -> bool:
    """The account has proven that the address of the stay is its own."""
    return user.email_verified_at is not None and user.email == booking.contact_email


def ask_code(booking: StayBooking, user: User, *, at: datetime) -> Challenge:
    """A code to the address of the stay, for an account with another address. Raises TooMany after 5 within an hour."""
    limits.count(ASKED, str(user.pk), at=at)
    return proving.ask(booking, at=at)


def prove(booking: StayBooking, challenge: uuid.UUID, code: str, *, at: datetime) -> str:
    """The address of the stay, proven by a code. Raises Invalid("bad_code"), for a code of another address too."""
    email = proving.check(challenge, code, at=at)
    if email != booking.contact_email:
        raise bad_code()
    return email


def claim(booking: StayBooking, user: User, *, at: datetime, proven: str = "") -> StayBooking:
    """Put the stay into the account of `user`; claiming one's own again changes nothing. Old links end with it.

    `proven` is what `prove` gave, for an account with another address. Raises NotAllowed("email_not_proven"),
    Conflict("already_claimed") when it belongs to another account: of two at once one gets it.
    """

    def act() -> StayBooking:
        row = lifecycle.locked(booking)
        if row.user_id == user.pk:
            return row
        if row.user_id is not None:
            raise Conflict("already_claimed", "This stay belongs to an account already.")
        if not is_proven(row, user) and proven != row.contact_email:
            raise NotAllowed("email_not_proven", "Please prove first that the stay's e-mail address is yours.")
        StayBooking.objects.filter(pk=row.pk).update(user=user)
        row.user = user
        folios.hand_over(row.folio, owner_id=user.pk)
        changed(row.subject, "claimed", by=Actor.of(user), at=at)
        return row

    return in_transaction(act)
