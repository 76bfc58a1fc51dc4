"""The front door."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bookings.web import asking
from core.doors import ANYONE, Scope, door
from programs import discovery, queries
from programs.models import Program
from programs.web import cards
from rooms.models import RoomType

PROGRAMS = 3
ROOMS = 4
RAILS = ("trending", "starting_soon", "trial", "weekend")


@door(ANYONE, scope=Scope.PUBLIC)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Search, programs, rooms, how a stay comes about, and the first questions."""
    asked = asking.read(request)
    prices = queries.lowest_prices(asked.property, today=asked.today)
    programs = Program.objects.filter(property=asked.property, published=True).select_related("standing")
    programs = programs.order_by("-featured", "position")
    rooms = RoomType.objects.filter(property=asked.property, published=True).select_related("standing")
    rails = discovery.rails(asked.property, today=asked.today)
    context = {
        "panel": asking.panel(asked),
        "programs": cards.program_cards(programs[:PROGRAMS], prices.programs),
        "rooms": cards.room_cards(rooms[:ROOMS], prices.rooms),
        "program_count": programs.count(),
        "room_count": rooms.count(),
        "rails": [rail for rail in rails if rail.code in RAILS],
        "terms": queries.house_terms(asked.property, today=asked.today),
    }
    return render(request, "home.html", context)
