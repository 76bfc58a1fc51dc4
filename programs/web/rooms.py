"""Pages about the rooms."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.doors import ANYONE, Scope, door
from core.nights import local_date
from programs import queries
from programs.models import ChildRate, RateBand
from programs.web import cards
from rooms.models import RoomType

RELATED = 3


@door(ANYONE, scope=Scope.PUBLIC)
@require_safe
def rooms(request: HttpRequest) -> HttpResponse:
    """All room types in the order of the house."""
    rows = list(RoomType.objects.filter(published=True).select_related("property", "standing"))
    prices = queries.lowest_prices(rows[0].property, today=_today(rows[0])).rooms if rows else {}
    trail = [{"label": _("Home"), "href": "/"}, {"label": _("Rooms")}]
    return render(request, "rooms/list.html", {"cards": cards.room_cards(rows, prices), "trail": trail})


@door(ANYONE, scope=Scope.PUBLIC)
@require_safe
def room(request: HttpRequest, slug: str) -> HttpResponse:
    """One room type: what is in it, what it costs, when it is free."""
    one = get_object_or_404(
        RoomType.objects.select_related("property", "terms__plan", "standing"),
        slug=slug,
        published=True,
        terms__isnull=False,
    )
    today = _today(one)
    prices = queries.lowest_prices(one.property, today=today).rooms
    kinds = RoomType.objects.filter(published=True, property=one.property).exclude(pk=one.pk)
    others = list(kinds.select_related("standing"))
    nearest = sorted(others, key=lambda other: abs(other.position - one.position))[:RELATED]
    context = {
        "room": one,
        "terms": one.terms,
        "facts": _facts(one),
        "from_price": prices.get(one.pk),
        "rating": queries.rating_of(one),
        "prices": [_price_row(band) for band in queries.bands_of(one, today=today)],
        "children": ChildRate.objects.filter(property=one.property),
        "length": one.property.min_nights,
        "months": queries.months_ahead(one.property, length=one.property.min_nights, today=today, room_type=one),
        "others": cards.room_cards(nearest, prices),
        "trail": [
            {"label": _("Home"), "href": "/"},
            {"label": _("Rooms"), "href": reverse("rooms:list")},
            {"label": one.name},
        ],
    }
    return render(request, "rooms/detail.html", context)


def _facts(one: RoomType) -> list[dict[str, str]]:
    found = [
        (_("Size"), _("%(size)s m²") % {"size": one.size_sqm} if one.size_sqm else ""),
        (_("View"), one.view),
        (_("Beds"), one.bed),
        (_("Room for"), cards.people_words(one)),
    ]
    return [{"label": label, "value": value} for label, value in found if value]


def _price_row(band: RateBand) -> dict[str, Any]:
    if band.nights_max:
        nights = _("%(low)s to %(high)s nights") % {"low": band.nights_min, "high": band.nights_max}
    elif band.nights_min > 1:
        nights = _("%(low)s nights and more") % {"low": band.nights_min}
    else:
        nights = _("Any number of nights")
    return {
        "nights": nights,
        "season": (band.season_from, band.season_to),
        "single": band.single,
        "double": band.double,
    }


def _today(one: RoomType) -> Any:
    return local_date(timezone.now(), one.property.time_zone)
