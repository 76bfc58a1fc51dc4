"""Finding something without knowing its name: the rails of the first screen, and one search over all that is sold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from core.nights import Nights
from core.plain_text import matching
from programs.domain.standing import Rating
from programs.models import Program
from programs.queries import Prices, lowest_prices, rating_of, sought_lately
from rooms.models import Property, RoomType
from rooms.queries import open_arrivals_by_length, stock

SOON = timedelta(days=14)
TASTE_NIGHTS = 3  # the longest least stay that is still a first taste, or a weekend with its Monday
ON_A_RAIL = 8
FRIDAY = 4


@dataclass(frozen=True, slots=True)
class Card:
    """A program or room type in few words; `price_from` rupees a night; `available` None when no dates were given."""

    kind: str
    slug: str
    name: str
    tagline: str
    price_from: Decimal | None
    rating: Rating
    available: bool | None = None


@dataclass(frozen=True, slots=True)
class Rail:
    """One row of the first screen."""

    code: str
    title: str
    items: list[Card]


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for; empty means anything. `capacity` people in one room, `most` rupees a night."""

    words: tuple[str, ...] = ()
    capacity: int = 0
    amenities: tuple[str, ...] = ()
    most: Decimal | None = None
    nights: Nights | None = None


def rails(property: Property, *, today: date) -> list[Rail]:
    """The rails that have something on them, in a constant number of queries.

    Trending is what was booked most in the last 30 days, by the counters that the clock keeps: no booking is looked at
    here. Soon is what can begin within two weeks; a weekend begins on the coming Friday; a first taste is short and
    needs no doctor.
    """
    prices = lowest_prices(property, today=today)
    programs, kinds = list(_programs(property)), list(_room_types(property))
    types = {kind.pk: kind for kind in kinds}
    friday = today + timedelta(days=(FRIDAY - today.weekday() - 1) % 7 + 1)
    free = open_arrivals_by_length(
        types, today + timedelta(days=1), today + SOON, lengths=(program.min_nights for program in programs)
    )
    short = [program for program in programs if program.min_nights <= TASTE_NIGHTS]
    busy = sorted((one for one in (*programs, *kinds) if sought_lately(one)), key=lambda one: -sought_lately(one))
    found = [
        Rail("featured", "Loved by our guests", _of(prices, [one for one in programs if one.featured])),
        Rail("trending", "Booked most this month", _of(prices, busy)),
        Rail("starting_soon", "Begin soon", _of(prices, [one for one in programs if free[one.min_nights]])),
        Rail("trial", "A first taste", _of(prices, [one for one in short if not one.needs_medical_review])),
        Rail("weekend", "This weekend", _of(prices, [one for one in short if friday in free[one.min_nights]])),
    ]
    return [rail for rail in found if rail.items]


def search(property: Property, sought: Sought, *, today: date) -> list[Card]:
    """Programs and room types: with words the closest name first, otherwise in the order of the house.

    Words are found without case, accents and small mistakes. A wish that only a room can meet leaves programs out.
    """
    prices = lowest_prices(property, today=today)
    types = [kind for kind in _room_types(property) if _suits(kind, sought)]
    free = {row.id for row in stock(property, sought.nights) if row.available} if sought.nights else set()
    open_house = any(kind.pk in free for kind in types)
    dated = sought.nights is not None
    found: list[tuple[float, Card]] = []
    if types and not sought.amenities:
        for program in _said(_programs(property), sought, "summary"):
            if _fits(program, sought):
                available = open_house if dated else None
                found.append((program.near, _card(program, prices.programs, available=available)))
    near = {kind.pk: kind.near for kind in _said(_room_types(property), sought, "description")} if sought.words else {}
    for kind in types:
        if not sought.words or kind.pk in near:
            available = kind.pk in free if dated else None
            found.append((near.get(kind.pk, 0.0), _card(kind, prices.rooms, available=available)))
    most = sought.most
    cards = [card for _, card in sorted(found, key=lambda pair: -pair[0])]
    return [card for card in cards if most is None or (card.price_from is not None and card.price_from <= most)]


def _programs(property: Property) -> QuerySet[Program]:
    rows = Program.objects.filter(property=property, published=True)
    return rows.select_related("standing").order_by("position", "slug")


def _room_types(property: Property) -> QuerySet[RoomType]:
    rows = RoomType.objects.filter(property=property, published=True)
    return rows.select_related("standing").order_by("position", "slug")


def _said(rows: QuerySet[Any], sought: Sought, longest: str) -> QuerySet[Any]:
    return matching(rows, sought.words, "name", "tagline", longest)


def _suits(kind: RoomType, sought: Sought) -> bool:
    has = {str(one).casefold() for one in kind.amenities}
    return kind.max_people >= sought.capacity and has.issuperset(sought.amenities)


def _fits(program: Program, sought: Sought) -> bool:
    nights = sought.nights
    return nights is None or program.min_nights <= len(nights) <= program.max_nights


def _of(prices: Prices, ones: Iterable[Program | RoomType]) -> list[Card]:
    return [_card(one, prices.programs if isinstance(one, Program) else prices.rooms) for one in ones][:ON_A_RAIL]


def _card(one: Program | RoomType, prices: dict[int, Decimal], *, available: bool | None = None) -> Card:
    kind = "program" if isinstance(one, Program) else "room_type"
    return Card(kind, one.slug, one.name, one.tagline, prices.get(one.pk), rating_of(one), available)
