"""What is free: the hottest reads, plain functions, one SQL query for the stock, never cached."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from bookings.api.descriptions import CalendarDescription, RoomAvailabilityDescription
from bookings.domain import availability
from bookings.domain.availability import Wish
from core.api.fields import stay_date
from core.api.plain import described_by, plain_get
from core.doors import ANYONE, Scope, door
from core.errors import Invalid
from core.nights import Nights


@door(ANYONE, scope=Scope.PUBLIC)
@described_by(RoomAvailabilityDescription)
@plain_get
def room_availability(request: HttpRequest) -> dict[str, Any]:
    """Each room type with the rooms that are free on every night of the stay."""
    given = request.GET
    nights = Nights(_date(given, "check_in_date"), _date(given, "check_out_date"))
    wish = Wish(
        adults=_number(given, "adults", 2, least=1, most=20),
        children_ages=_children(given),
        program=given.get("program", "")[:80],
    )
    home = availability.home()
    offers = availability.search(home, nights, wish, at=timezone.now())
    return {
        "count": len(offers),
        "next": None,
        "previous": None,
        "check_in_date": nights.check_in.isoformat(),
        "check_out_date": nights.check_out.isoformat(),
        "nights": len(nights),
        "currency": home.currency,
        "results": [
            {
                "slug": offer.slug,
                "name": offer.name,
                "category": offer.category,
                "total": offer.total,
                "available": offer.available,
                "reason": offer.reason or None,
                "price_from": None if offer.price_from is None else str(offer.price_from),
                "currency": home.currency,
            }
            for offer in offers
        ],
    }


@door(ANYONE, scope=Scope.PUBLIC)
@described_by(CalendarDescription)
@plain_get
def availability_calendar(request: HttpRequest) -> dict[str, Any]:
    """Each day of a month for one room type: rooms left, the lowest price, why it is closed, the shortest stay."""
    given = request.GET
    first = _month(given.get("month", ""))
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    home = availability.home()
    days = availability.calendar(home, given.get("room_type", "")[:80], first, last, at=timezone.now())
    return {
        "room_type": given.get("room_type", ""),
        "month": f"{first:%Y-%m}",
        "currency": home.currency,
        "days": [
            {
                "date": day.night.isoformat(),
                "available": day.available,
                "price_from": None if day.price_from is None else str(day.price_from),
                "closed": day.closed or None,
                "min_stay": day.min_stay,
            }
            for day in days
        ],
    }


def _date(given: QueryDict, name: str) -> date:
    found = stay_date(given.get(name))
    if found is None:
        raise Invalid("bad_date", "Give a date as YYYY-MM-DD.", attr=name)
    return found


def _number(given: QueryDict, name: str, default: int, *, least: int, most: int) -> int:
    text = given.get(name, "")
    if not text:
        return default
    if not re.fullmatch(r"[0-9]{1,3}", text) or not least <= int(text) <= most:
        raise Invalid("bad_number", f"Give a number from {least} to {most}.", attr=name)
    return int(text)


def _children(given: QueryDict) -> tuple[int, ...]:
    """`children` is their number; `children_ages=7,9` prices them exactly, otherwise the youngest rate is taken."""
    ages = given.get("children_ages", "")
    if ages:
        if not re.fullmatch(r"([0-9]|1[0-7])(,([0-9]|1[0-7])){0,9}", ages):
            raise Invalid("bad_number", "Give ages from 0 to 17, with commas.", attr="children_ages")
        return tuple(int(age) for age in ages.split(","))
    return (0,) * _number(given, "children", 0, least=0, most=10)


def _month(text: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text) or not "2000" <= text < "3000":
        raise Invalid("bad_month", "Give a month as YYYY-MM.", attr="month")
    return date.fromisoformat(f"{text}-01")
