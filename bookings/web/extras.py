"""What can be added to a stay, as links: adding and taking away needs no form and survives back and refresh."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from bookings.domain import availability
from bookings.domain.quote import Quote
from bookings.domain.ratecard import TypeFacts
from bookings.domain.request import RoomRequest
from bookings.web import results
from bookings.web.asking import Asked
from bookings.web.steps import address
from bookings.web.trip import Trip
from core.money import ZERO, format_inr, total
from programs.models import Extra


def extras(asked: Asked, trip: Trip, priced: Quote) -> list[dict[str, Any]]:
    """Every extra with its price, what it comes to in this stay, and the links that change it."""
    return [_extra(extra, trip, priced) for extra in Extra.objects.filter(property=asked.property, active=True)]


def caregivers(asked: Asked, trip: Trip) -> list[dict[str, Any]]:
    """Who looks after the children: sharing the room, or in a room of their own; empty without children."""
    if not trip.young:
        return []
    facts = asked.card.types[trip.room]
    choices = (
        ("sharing", _("Shares your room"), facts.caregiver_sharing),
        ("own_room", _("Has a room of their own"), facts.caregiver_own_room),
    )
    return [_caregiver(asked, trip, facts, *choice) for choice in choices]


def _extra(extra: Extra, trip: Trip, priced: Quote) -> dict[str, Any]:
    count = trip.quantity(extra.code)

    def link(quantity: int) -> str:
        return f"{address('book-extras', trip.with_extra(extra.code, quantity))}#{extra.code}"

    return {
        "code": extra.code,
        "name": extra.name,
        "text": extra.description,
        "price": _price_words(extra),
        "count": count,
        "amount": total(line.amount for line in priced.lines if line.code == f"extra-{extra.code}"),
        "add": link(count + 1) if count < extra.max_quantity else "",
        "less": link(count - 1) if count else "",
    }


def _price_words(extra: Extra) -> str:
    shapes = {
        Extra.Basis.STAY: _("%(amount)s for the stay"),
        Extra.Basis.NIGHT: _("%(amount)s a night"),
        Extra.Basis.PERSON: _("%(amount)s a person"),
        Extra.Basis.PERSON_NIGHT: _("%(amount)s a person and night"),
    }
    return shapes[Extra.Basis(extra.basis)] % {"amount": format_inr(extra.amount)}


def _caregiver(asked: Asked, trip: Trip, facts: TypeFacts, code: str, label: str, night: Any) -> dict[str, Any]:
    room = RoomRequest(trip.room, trip.adults, trip.ages, code)
    fits = room.people <= facts.max_people
    price = availability.price(asked.card, facts, room, trip.nights, trip.program) if fits else None
    return {
        "label": label,
        "text": _("%(amount)s a night") % {"amount": format_inr(night)} if night > ZERO else _("Free in this room"),
        "stay": price.stay + results.added(asked, trip) if price else None,
        "href": address("book-extras", trip, caregiver=code) if price else "",
        "current": trip.caregiver == code,
        "reason": "" if fits else _("This room would be too full."),
    }
