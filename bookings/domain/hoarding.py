"""Nobody holds the house empty: few live holds per guest, few held rooms per address on the network.

A guest is the same by e-mail, by telephone number (however it is typed) and by account. The address is kept as a keyed
digest, and only while the stay is held.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.crypto import salted_hmac

from accounts.models import User
from bookings.models import StayBooking
from bookings.permissions import may_book_for_guests
from bookings.states import State
from core import phones
from core.errors import TooMany
from rooms.models import Property


@dataclass(frozen=True, slots=True)
class Holder:
    """Who asks for a hold, and from where; `origin` is a digest, empty for those whose address does not count.

    `proven`: the account has shown that the e-mail address is its own, so that nobody else's holds count against it.
    """

    email: str
    phone: str
    user_id: int | None
    origin: str = ""
    proven: bool = False


def holder(*, email: str, phone: str, user_id: int | None, address: str) -> Holder:
    """`address` is the client's address on the network. Who books for many guests from one desk: it does not count."""
    user = User.objects.filter(pk=user_id).first() if user_id else None
    desk = user is not None and may_book_for_guests(user)
    origin = "" if desk or not address else digest(address)
    proven = user is not None and user.email_verified_at is not None and user.email == email.lower()
    return Holder(email.lower(), phones.kept(phone), None if desk else user_id, origin, proven)


def digest(address: str) -> str:
    """What is kept of an address: enough to know it again, not to know whose it is."""
    return salted_hmac("bookings.placed_from", address, algorithm="sha256").hexdigest()[:32]


def lock(who: Holder, *more: str) -> None:
    """One placing at a time of this guest, and from this address, so that parallel clicks cannot slip by."""
    names = {f"mail:{who.email}", *more}
    names |= {f"phone:{who.phone}"} if who.phone else set()
    names |= {f"user:{who.user_id}"} if who.user_id else set()
    names |= {f"from:{who.origin}"} if who.origin else set()
    with connection.cursor() as cursor:
        for number in sorted(_numbers(names)):
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def limit(property: Property, who: Holder, *, rooms: int, at: datetime) -> None:
    """Count what is held and not paid for yet, under the lock, before `rooms` more are.

    House data: 3 stays per guest, 6 rooms per address (0 sets no limit for addresses); a first group of any size that
    may be booked is welcome. Raises TooMany("hold_limit"), `retry_after` in seconds: when the first of them lapses.
    """
    mine = Q(contact_email=who.email)
    mine |= Q(contact_phone=who.phone) if who.phone else Q()
    if who.user_id:
        mine = Q(user_id=who.user_id) if who.proven else mine | Q(user_id=who.user_id)
    live = StayBooking.objects.filter(state=State.HELD, hold_expires_at__gt=at)
    ends = _ends(live.filter(mine))
    if len(ends) >= property.max_live_holds:
        if not who.user_id:  # a stranger is not told how many stays somebody holds, and until when
            wait = 60 * property.hold_minutes
            raise TooMany(
                "hold_limit", "Pay for a stay that you hold, or let it lapse first. Or sign in.", retry_after=wait
            )
        held = "a stay" if len(ends) == 1 else f"{len(ends)} stays"
        words = f"You are holding {held} already. Pay for one or let it lapse first."
        raise _too_many(words, ends, at)
    if who.origin and property.max_address_rooms:
        ends = _ends(live.filter(placed_from=who.origin, rooms__isnull=False))  # one row for each room
        if ends and len(ends) + rooms > property.max_address_rooms:
            what = "One room is" if len(ends) == 1 else f"{len(ends)} rooms are"
            words = f"{what} held from your network just now and not paid for yet. Please try again in a few minutes."
            raise _too_many(words, ends, at)


def _ends(live: QuerySet[StayBooking]) -> list[datetime]:
    return sorted(end for end in live.values_list("hold_expires_at", flat=True) if end is not None)


def _too_many(words: str, ends: list[datetime], at: datetime) -> TooMany:
    return TooMany("hold_limit", words, retry_after=max(int((ends[0] - at).total_seconds()), 1))


def _numbers(names: Iterable[str]) -> set[int]:
    return {int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True) for name in names}
