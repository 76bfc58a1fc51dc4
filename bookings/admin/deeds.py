"""The deeds on a stay as staff know them: who may do what and when. Used by the page and by the Today board."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from bookings.domain import front_desk
from bookings.models import BookedRoom, StayBooking
from bookings.permissions import may_do, may_override
from bookings.states import CANCELLABLE, HOLDS_STOCK, State
from core.actors import Actor
from core.errors import Invalid, NotAllowed
from rooms.models import Room


@dataclass(frozen=True, slots=True)
class Deed:
    """`needs` is a permission; `states` are those in which the button makes sense (the verb judges anyway)."""

    name: str
    label: str | Promise
    needs: str
    states: frozenset[str]


DEEDS = {
    deed.name: deed
    for deed in (
        Deed("check-in", _("Check in"), "bookings.check_in_stay", frozenset({State.CONFIRMED})),
        Deed("check-out", _("Check out"), "bookings.check_out_stay", frozenset({State.CHECKED_IN})),
        Deed("assign-room", _("Assign room"), "bookings.assign_room", HOLDS_STOCK - {State.HELD}),
        Deed("no-show", _("Did not arrive"), "bookings.mark_no_show", frozenset({State.CONFIRMED})),
        Deed("cancel", _("Cancel"), "bookings.cancel_stay", CANCELLABLE),
    )
}


def may(user: Any, name: str) -> bool:
    return may_do(user, DEEDS[name].needs)


def check_in(booking: StayBooking, user: Any, *, reason: str = "", override: bool = False) -> str:
    """Check in; past shut gates only with the permission for it. Raises NotAllowed and as the verb does."""
    if override and not may_override(user):
        raise NotAllowed("no_override", _t("You may not check a guest in past a shut gate."))
    front_desk.check_in(booking, by=Actor.of(user), at=timezone.now(), override=override, reason=reason)
    return _t("%(name)s is checked in.") % {"name": booking.contact_name}


def check_out(booking: StayBooking, user: Any) -> str:
    front_desk.check_out(booking, by=Actor.of(user), at=timezone.now())
    return _t("%(name)s is checked out.") % {"name": booking.contact_name}


def no_show(booking: StayBooking, user: Any) -> str:
    front_desk.no_show(booking, by=Actor.of(user), at=timezone.now())
    return _t("%(name)s is marked as not arrived; the room is free again.") % {"name": booking.contact_name}


def assign(booked: BookedRoom, room: Room | None, user: Any, *, pinned: bool = False) -> str:
    made = front_desk.assign_room(booked, room, by=Actor.of(user), at=timezone.now(), pinned=pinned)
    return _t("Room %(number)s is theirs.") % {"number": made.room.number}


def chosen_room(booked: BookedRoom, typed: str) -> Room | None:
    """The room a form names; empty means: the best free one. Raises Invalid("unknown_room")."""
    if not typed:
        return None
    rooms = Room.objects.filter(room_type__property=booked.room_type.property_id)
    room = rooms.filter(pk=int(typed)).first() if typed.isdecimal() and len(typed) < 12 else None
    if room is None:
        raise Invalid("unknown_room", _t("There is no such room."))
    return room
