"""The first screen of the app, and its one search."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.fields import MoneyField, stay_date
from core.api.pagination import Pages
from core.api.views import ApiView, CatalogueView
from core.doors import ANYONE, Scope, door
from core.errors import Invalid
from core.nights import Nights, local_date
from programs import discovery
from programs.api.serializers import RatingShape
from programs.discovery import Sought
from rooms.models import Property
from rooms.queries import property_of_the_site

LONGEST_STAY = 90


class CardShape(serializers.Serializer):
    """A program or a room type; `price_from` is what one person pays a night at least, in rupees."""

    kind = serializers.ChoiceField(choices=["program", "room_type"])
    slug = serializers.CharField()
    name = serializers.CharField()
    tagline = serializers.CharField()
    price_from = MoneyField(allow_null=True)
    rating = RatingShape()


class FoundShape(CardShape):
    """`available` tells whether there is a free room on all nights; null without dates."""

    available = serializers.BooleanField(allow_null=True)


class RailShape(serializers.Serializer):
    code = serializers.CharField()
    title = serializers.CharField()
    items = CardShape(many=True)


class HomeShape(serializers.Serializer):
    currency = serializers.CharField()
    rails = RailShape(many=True)


class SearchShape(serializers.Serializer):
    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    currency = serializers.CharField()
    results = FoundShape(many=True)


@door(ANYONE, scope=Scope.PUBLIC)
class Home(CatalogueView):
    """Rails for the first screen: featured, trending, starting_soon, trial, weekend. Empty ones are left out."""

    @extend_schema(auth=[], operation_id="home", responses={200: HomeShape})
    def get(self, request: Request) -> Response:
        home, today = _house()
        rails = discovery.rails(home, today=today) if home else []
        return Response({"currency": "INR", "rails": RailShape(rails, many=True).data})


@door(ANYONE, scope=Scope.PUBLIC)
class Search(ApiView):
    """One search over programs and room types. With dates it tells what is free, so it is never cached."""

    authentication_classes = []
    permission_classes = []

    @extend_schema(
        auth=[],
        operation_id="search",
        responses={200: SearchShape},
        parameters=[
            OpenApiParameter(
                "q", str, description="words, all of which must occur; accents and small mistakes are forgiven"
            ),
            OpenApiParameter("capacity", int, description="people in one room, 1 to 20"),
            OpenApiParameter("amenities", str, description="with commas; a room must have them all"),
            OpenApiParameter("max_price", str, description="rupees a night for one person"),
            OpenApiParameter("check_in_date", str, description="YYYY-MM-DD, together with check_out_date"),
            OpenApiParameter("check_out_date", str, description="YYYY-MM-DD"),
            OpenApiParameter("page", int),
            OpenApiParameter("page_size", int),
        ],
    )
    def get(self, request: Request) -> Response:
        home, today = _house()
        sought = _sought(request.query_params)
        if sought.nights and sought.nights.check_in < today:
            raise Invalid("past_date", "That day has passed.", attr="check_in_date")
        found = discovery.search(home, sought, today=today) if home else []
        pages = Pages()
        page = pages.paginate_queryset(found, request, view=self)
        answer = pages.get_paginated_response(FoundShape(page, many=True).data)
        answer.data["currency"] = "INR"
        return answer


def _house() -> tuple[Property | None, Any]:
    home = property_of_the_site()
    return home, local_date(timezone.now(), home.time_zone if home else "Asia/Kolkata")


def _sought(given: Any) -> Sought:
    amenities = [one.strip().casefold() for one in _text(given, "amenities", 200).split(",")]
    return Sought(
        words=tuple(_text(given, "q", 80).casefold().split()),
        capacity=_capacity(given.get("capacity", "")),
        amenities=tuple(one for one in amenities if one),
        most=_rupees(given.get("max_price", "")),
        nights=_nights(given),
    )


def _text(given: Any, name: str, most: int) -> str:
    text: str = given.get(name, "")
    if len(text) > most:
        raise Invalid("too_long", f"At most {most} characters.", attr=name)
    return text


def _capacity(text: str) -> int:
    if not text:
        return 0
    if not re.fullmatch(r"[0-9]{1,2}", text) or not 1 <= int(text) <= 20:
        raise Invalid("bad_number", "Give a number from 1 to 20.", attr="capacity")
    return int(text)


def _rupees(text: str) -> Decimal | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,8}([.][0-9]{1,2})?", text):
        raise Invalid("bad_amount", "Give rupees, such as 45000 or 45000.50.", attr="max_price")
    return Decimal(text)


def _nights(given: Any) -> Nights | None:
    texts = {name: given.get(name, "") for name in ("check_in_date", "check_out_date")}
    if not any(texts.values()):
        return None
    days = {name: stay_date(text) for name, text in texts.items()}
    for name, day in days.items():
        if day is None:
            raise Invalid("bad_date", "Give a date as YYYY-MM-DD.", attr=name)
    nights = Nights(days["check_in_date"], days["check_out_date"])  # type: ignore[arg-type]
    if len(nights) > LONGEST_STAY:
        raise Invalid("too_long", f"At most {LONGEST_STAY} nights.", attr="check_out_date")
    return nights
