"""Small sentences of the booking pages."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from bookings.domain.request import RoomRequest

REASONS = {
    "sold_out": lazy("Full on these dates"),
    "too_few": lazy("Not enough rooms left on these dates"),
    "closed": lazy("Closed on some of these nights"),
    "closed_to_arrival": lazy("No arrival on this day"),
    "closed_to_departure": lazy("No departure on this day"),
    "min_stay": lazy("Only for longer stays from this day"),
    "max_stay": lazy("Only for shorter stays from this day"),
    "beyond_horizon": lazy("Not on sale yet for these dates"),
    "occupancy": lazy("Too small for all of you"),
    "no_price": lazy("No price for these dates yet"),
}


def reason(code: str) -> str:
    """Why a room cannot be had."""
    return str(REASONS.get(code, REASONS["sold_out"]))


def people(room: RoomRequest) -> str:
    """ "2 adults, a child of 7, caregiver"."""
    parts = [ngettext("%(n)s adult", "%(n)s adults", room.adults) % {"n": room.adults}]
    if len(room.children_ages) == 1:
        parts.append(_("1 child of %(age)s") % {"age": room.children_ages[0]})
    elif room.children_ages:
        ages = ", ".join(str(age) for age in room.children_ages[:-1])
        several = {"n": len(room.children_ages), "ages": ages, "last": room.children_ages[-1]}
        parts.append(_("%(n)s children of %(ages)s and %(last)s") % several)
    if room.caregiver:
        parts.append(_("a caregiver"))
    return ", ".join(parts)


def room_words(name: str, category: str) -> str:
    """ "Standard room"; suites and villas carry the word in their name."""
    return _("%(name)s room") % {"name": name} if category == "room" and "room" not in name.lower() else name


def calendar_reason(code: str) -> str:
    """Why a night cannot be chosen; empty when it can."""
    said = {
        "sold_out": _("No room is free on this night."),
        "closed": _("We are closed on this night."),
        "closed_to_arrival": _("No arrival on this day; you may stay over it."),
    }
    return said.get(code, "")
