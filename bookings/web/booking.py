"""The booking before the details: dates and people, program and room, extras. All of it reading, nothing written."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from bookings.domain import availability
from bookings.domain.quote import Quote, quote
from bookings.web import asking, price_box, results
from bookings.web import extras as extra_pages
from bookings.web import trip as trips
from bookings.web.asking import Asked
from bookings.web.steps import address, steps
from bookings.web.trip import Trip
from core.doors import ANYONE, Scope, door
from core.errors import Invalid
from rooms.models import RoomType


@door(ANYONE, scope=Scope.PUBLIC)
@require_safe
def dates(request: HttpRequest) -> HttpResponse:
    """Step 1: when, and how many. What was chosen before travels along."""
    asked = asking.read(request)
    said = trips.asked(request.GET)
    kept = [(name, said[name]) for name in ("program", "room", "caregiver", "draft") if said.get(name)]
    kept += [("extra", f"{one.code}:{one.quantity}") for one in trips.extras_of(request.GET, asked.card.extras)]
    context = {"panel": asking.panel(asked), "kept": kept, "steps": steps("book", None), "trip": asked.trip}
    return render(request, "booking/dates.html", context, status=400 if asked.begun and not asked.trip else 200)


@door(ANYONE, scope=Scope.PUBLIC)
@require_safe
def program_and_room(request: HttpRequest) -> HttpResponse:
    """Step 2: the programs that fit the dates, the rooms with their totals."""
    asked = asking.read(request)
    return choose_room(request, asked, asked.trip) if asked.trip else back_to_dates(request)


@door(ANYONE, scope=Scope.PUBLIC)
@require_safe
def extras(request: HttpRequest) -> HttpResponse:
    """Step 3: who looks after the children, and what is added."""
    asked = asking.read(request)
    trip = ready(asked)
    if trip is None:
        return choose_room(request, asked, asked.trip) if asked.trip else back_to_dates(request)
    try:
        priced = quote(trip.request, asked.card, at=asked.at)
    except Invalid as error:
        return choose_room(request, asked, trip, problem=error.message)
    if not free(asked, trip):
        return sold_out(request, asked, trip)
    context = {
        "trip": trip,
        "steps": steps("book-extras", trip),
        "caregivers": extra_pages.caregivers(asked, trip),
        "extras": extra_pages.extras(asked, trip, priced),
        "price": box(asked, trip, priced),
        "onward": address("book-details", trip),
        "back": address("book-room", trip),
    }
    return render(request, "booking/extras.html", context)


def choose_room(
    request: HttpRequest, asked: Asked, trip: Trip, *, problem: str = "", status: int = 200
) -> HttpResponse:
    """The page of step 2, also where a later step found that program, room and dates do not go together."""
    length = results.length_problem(asked, trip, to="bookings:book-room")
    cards: list[dict[str, Any]] = []
    if trip.program and not length:
        offers = availability.search(asked.property, trip.nights, trip.wish, at=asked.at)
        cards = results.cards(asked, trip, offers)
    context = {
        "trip": trip,
        "steps": steps("book-room", trip),
        "programs": [_program(asked, trip, one) for one in results.lengths(asked, trip)],
        "room": RoomType.objects.filter(slug=trip.room).first() if trip.room else None,
        "cards": cards,
        "length": length,
        "problem": problem,
        "nights": len(trip.nights),
        "dates_href": address("book", trip),
    }
    return render(request, "booking/room.html", context, status=400 if problem else status)


def sold_out(request: HttpRequest, asked: Asked, trip: Trip, *, problem: str = "", status: int = 200) -> HttpResponse:
    """The room has gone: the nearest free dates for it, and the other rooms on these dates."""
    offers = availability.search(asked.property, trip.nights, trip.wish, at=asked.at)
    others = [offer for offer in offers if offer.free and offer.slug != trip.room]
    context = {
        "trip": trip,
        "room": room_of(asked, trip),
        "problem": problem,
        "dates": results.dates_links(asked, trip, trip.room, to="bookings:book-extras"),
        "cards": results.cards(asked, trip, others),
        "dates_href": address("book", trip),
    }
    return render(request, "booking/sold_out.html", context, status=status)


def back_to_dates(request: HttpRequest) -> HttpResponse:
    """Something in dates or people is open or wrong: the first step says what."""
    said = trips.asked(request.GET)
    extra = [("extra", value[: trips.LONGEST]) for value in request.GET.getlist("extra")[: trips.MOST_EXTRAS]]
    return HttpResponseRedirect(f"{reverse('bookings:book')}?{urlencode([*said.items(), *extra])}")


def ready(asked: Asked) -> Trip | None:
    """The trip once program and room are chosen, with the caregiver that fits where children need one."""
    trip = asked.trip
    if trip is None or not trip.program or not trip.room:
        return None
    return trip.but(caregiver=availability.with_caregiver(trip.wish, asked.card.types[trip.room]).caregiver)


def free(asked: Asked, trip: Trip) -> bool:
    offers = availability.search(asked.property, trip.nights, trip.wish, at=asked.at)
    return any(offer.slug == trip.room and offer.free for offer in offers)


def room_of(asked: Asked, trip: Trip) -> RoomType:
    return RoomType.objects.get(property=asked.property, slug=trip.room)


def box(asked: Asked, trip: Trip, priced: Quote) -> dict[str, Any]:
    return price_box.price_box(priced, room_of(asked, trip))


def _program(asked: Asked, trip: Trip, one: dict[str, Any]) -> dict[str, Any]:
    """A program of step 2; with a room chosen already it shows its total and leads on."""
    chosen = trip.but(program=one["slug"])
    if one.get("reason"):
        return one | {"current": one["slug"] == trip.program}
    if not trip.room:
        return one | {"href": address("book-room", chosen) + "#rooms", "current": one["slug"] == trip.program}
    facts = asked.card.types[trip.room]
    room = availability.with_caregiver(chosen.wish, facts)
    price = availability.price(asked.card, facts, room, trip.nights, one["slug"])
    return one | {
        "href": address("book-extras", chosen),
        "stay": price.stay + results.added(asked, chosen) if price else None,
        "current": one["slug"] == trip.program,
    }
