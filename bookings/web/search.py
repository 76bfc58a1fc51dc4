"""Finding dates: every room type with the total of the stay, or why not and what instead."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookings.domain import availability
from bookings.web import asking, results, words
from bookings.web.asking import Asked
from bookings.web.trip import Trip
from core.doors import ANYONE, Scope, door
from rooms.models import RoomType


@door(ANYONE, scope=Scope.PUBLIC)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The results for a wish; the form with kept values where the wish is incomplete or cannot be."""
    asked = asking.read(request)
    context = {"panel": asking.panel(asked), "asked": asked, "trip": asked.trip, "unknown": _unknown(asked)}
    context["kept"] = [("room", asked.room)] if asked.room else []
    if asked.trip:
        context |= _found(asked, asked.trip)
    bad = bool(asked.begun and not asked.trip) or bool(asked.unknown)
    return render(request, "search/search.html", context, status=400 if bad else 200)


def _found(asked: Asked, trip: Trip) -> dict[str, Any]:
    offers = availability.search(asked.property, trip.nights, trip.wish, at=asked.at)
    found: dict[str, Any] = {
        "nights": len(trip.nights),
        "people": words.people(availability.with_caregiver(trip.wish, next(iter(asked.card.types.values())))),
        "program": asked.card.programs.get(trip.program),
        "choices": [_program_link(asked, trip, one) for one in results.lengths(asked, trip)],
        "everybody": all(offer.reason == "occupancy" for offer in offers) and bool(offers),
    }
    length = results.length_problem(asked, trip)
    if length:
        return found | {"length": length, "cards": []}
    cards = results.cards(asked, trip, offers)
    return found | {"cards": cards, "free": sum("total" in card for card in cards)}


def _program_link(asked: Asked, trip: Trip, one: dict[str, Any]) -> dict[str, Any]:
    current = one["slug"] == trip.program
    query = trip.query(program="" if current else one["slug"])
    return one | {"href": f"{reverse('bookings:search')}?{query}", "current": current}


def _unknown(asked: Asked) -> str:
    if asked.unknown == "room":
        names = ", ".join(
            RoomType.objects.filter(property=asked.property, published=True).values_list("name", flat=True)
        )
        return _("We have no such room. Ours are: %(names)s.") % {"names": names}
    if asked.unknown == "program" and not asked.begun:
        return _("We have no such program. Choose one from the list.")
    return ""
