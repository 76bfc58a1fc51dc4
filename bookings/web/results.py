"""The answers to a search: one card per room type with the total of the stay, and what else there is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bookings.domain import availability, schedule
from bookings.domain.availability import Offer
from bookings.domain.quote import extra_line
from bookings.domain.ratecard import ProgramFacts
from bookings.web import price_box, words
from bookings.web.asking import Asked
from bookings.web.trip import Trip
from core.money import total
from core.nights import Nights
from core.templatetags.ui import nights_words
from programs.web.cards import people_words
from rooms.models import RoomType

STOCK_REASONS = ("sold_out", "too_few", "closed", "closed_to_arrival", "closed_to_departure", "min_stay", "max_stay")


def cards(asked: Asked, trip: Trip, offers: Iterable[Offer]) -> list[dict[str, Any]]:
    """For `components/card_result.html`: what is free first, the wanted room on top."""
    kinds = {kind.slug: kind for kind in RoomType.objects.filter(property=asked.property, published=True)}
    ordered = sorted(offers, key=lambda offer: (not offer.free, offer.slug != trip.room))
    return [_card(asked, trip, offer, kinds[offer.slug]) for offer in ordered if offer.slug in kinds]


def lengths(asked: Asked, trip: Trip) -> list[dict[str, Any]]:
    """Every program with what it asks of the length of this stay: `reason` is empty where it fits."""
    return [_length(asked, trip, program) for program in asked.card.programs.values()]


def fits(asked: Asked, nights: Nights, program: ProgramFacts) -> bool:
    return max(asked.card.min_nights, program.min_nights) <= len(nights) <= program.max_nights


def length_problem(asked: Asked, trip: Trip, *, to: str = "bookings:search") -> dict[str, Any] | None:
    """Where no room can be sold because of the length of the stay: why, and a link to the nearest length that works."""
    program = asked.card.programs.get(trip.program)
    wanted = [program] if program else list(asked.card.programs.values())
    if any(fits(asked, trip.nights, one) for one in wanted) or not wanted:
        return None
    low = max(asked.card.min_nights, min(one.min_nights for one in wanted))
    high = max(one.max_nights for one in wanted)
    short = len(trip.nights) < low
    nights = Nights(trip.nights.check_in, trip.nights.check_in + timedelta(days=low if short else high))
    facts = {"name": program.name if program else _("A stay"), "low": nights_words(low), "high": nights_words(high)}
    title = _("%(name)s lasts at least %(low)s.") if short else _("%(name)s lasts at most %(high)s.")
    return {
        "title": title % facts,
        "text": _("The treatments build on each other; fewer days would only tire you.") if short else "",
        "check_in": nights.check_in,
        "check_out": nights.check_out,
        "href": f"{reverse(to)}?{trip.query(nights=nights)}",
    }


def added(asked: Asked, trip: Trip) -> Decimal:
    """What the extras that travel along add to the price of a room (rupees)."""
    return total(extra_line(extra, trip.request, asked.card).amount for extra in trip.extras)


def onward(trip: Trip) -> str:
    """The next address for a trip that has a room."""
    name = "bookings:book-extras" if trip.program else "bookings:book-room"
    return f"{reverse(name)}?{trip.query()}"


def dates_links(asked: Asked, trip: Trip, room_type: str, *, to: str = "bookings:search") -> list[dict[str, Any]]:
    """The nearest free dates for a room type, as links that keep everything else."""
    near = availability.nearest_dates(asked.property, trip.nights, trip.wish, room_type, at=asked.at)
    return [
        {
            "check_in": one.nights.check_in,
            "check_out": one.nights.check_out,
            "href": f"{reverse(to)}?{trip.query(nights=one.nights)}",
        }
        for one in near
    ]


def _card(asked: Asked, trip: Trip, offer: Offer, kind: RoomType) -> dict[str, Any]:
    chosen = trip.but(room=offer.slug, caregiver=offer.room.caregiver)
    card: dict[str, Any] = {
        "slug": offer.slug,
        "name": kind.name,
        "text": kind.tagline,
        "facts": _facts(kind),
        "detail": reverse("rooms:detail", args=[kind.slug]),
        "nights": len(trip.nights),
        "people": words.people(offer.room),
        "wanted": offer.slug == trip.room,
    }
    if offer.free and offer.stay_total is not None:
        plan = asked.card.types[offer.slug].plan
        amount = offer.stay_total + added(asked, chosen)
        first = schedule.steps(plan, total=amount, check_in=trip.nights.check_in)[0]
        return card | {
            "total": amount,
            "from": _varies(asked, trip, offer),
            "left": offer.available // availability.rooms_needed(offer.room),
            "note": price_box.now_words(first, amount),
            "href": onward(chosen),
        }
    alternatives = dates_links(asked, trip, offer.slug) if offer.reason in STOCK_REASONS else []
    return card | {"reason": _why(asked, offer, kind), "alternatives": alternatives}


def _varies(asked: Asked, trip: Trip, offer: Offer) -> bool:
    """Without a chosen program: does the price depend on which one it will be?"""
    if trip.program:
        return False
    facts = asked.card.types[offer.slug]
    prices: set[Decimal] = set()
    for program in asked.card.programs.values():
        if fits(asked, trip.nights, program):
            found = availability.price(asked.card, facts, offer.room, trip.nights, program.slug)
            prices |= {found.stay} if found else set()
    return len(prices) > 1


def _facts(kind: RoomType) -> list[str]:
    size = _("%(size)s m²") % {"size": kind.size_sqm} if kind.size_sqm else ""
    return [fact for fact in (size, kind.view, kind.bed) if fact]


def _why(asked: Asked, offer: Offer, kind: RoomType) -> str:
    if offer.reason == "occupancy":
        return _("For at most %(people)s") % {"people": people_words(kind)}
    return words.reason(offer.reason)


def _length(asked: Asked, trip: Trip, program: ProgramFacts) -> dict[str, Any]:
    low = max(asked.card.min_nights, program.min_nights)
    asks: dict[str, Any] = {"slug": program.slug, "name": program.name, "low": low, "high": program.max_nights}
    if len(trip.nights) < low:
        asks["reason"] = _("At least %(nights)s") % {"nights": nights_words(low)}
    elif len(trip.nights) > program.max_nights:
        asks["reason"] = _("At most %(nights)s") % {"nights": nights_words(program.max_nights)}
    return asks
