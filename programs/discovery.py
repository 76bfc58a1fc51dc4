"""Finding something without knowing its name: the rails of the first screen, and one search over all that is sold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from core.nights import Nights
from programs.models import Program
from programs.queries import Prices, lowest_prices
from rooms.models import Property, RoomType
from rooms.queries import fullest, open_arrivals_by_length, stock

SOON = timedelta(days=14)
TRENDING = timedelta(days=60)
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

    Trending are the room types that fill up fastest; soon is what can begin within two weeks; a weekend begins on the
    coming Friday; a first taste is short and needs no doctor.
    """
    prices = lowest_prices(property, today=today)
    programs = _programs(property)
    types = {kind.pk: kind for kind in _room_types(property)}
    friday = today + timedelta(days=(FRIDAY - today.weekday() - 1) % 7 + 1)
    free = open_arrivals_by_length(
        types, today + timedelta(days=1), today + SOON, lengths=(program.min_nights for program in programs)
    )
    short = [program for program in programs if program.min_nights <= TASTE_NIGHTS]
    busy = [types[pk] for pk in fullest(property, today, today + TRENDING) if pk in types]
    found = [
        Rail("featured", "Loved by our guests", _of(prices, [one for one in programs if one.featured])),
        Rail("trending", "Filling up", _of(prices, busy)),
        Rail("starting_soon", "Begin soon", _of(prices, [one for one in programs if free[one.min_nights]])),
        Rail("trial", "A first taste", _of(prices, [one for one in short if not one.needs_medical_review])),
        Rail("weekend", "This weekend", _of(prices, [one for one in short if friday in free[one.min_nights]])),
    ]
    return [rail for rail in found if rail.items]


def search(property: Property, sought: Sought, *, today: date) -> list[Card]:
    """Programs, then room types, in the order of the house. A wish that only a room can meet leaves programs out."""
    prices = lowest_prices(property, today=today)
    types = [kind for kind in _room_types(property) if _suits(kind, sought)]
    free = {row.id for row in stock(property, sought.nights) if row.available} if sought.nights else set()
    open_house = any(kind.pk in free for kind in types)
    found = [] if sought.amenities else [one for one in _programs(property) if _fits(one, sought)]
    dated = sought.nights is not None
    cards = [
        *(_card(one, prices.programs, available=open_house if dated else None) for one in found if types),
        *(
            _card(kind, prices.rooms, available=kind.pk in free if dated else None)
            for kind in types
            if _says(sought.words, kind.name, kind.tagline, kind.description)
        ),
    ]
    most = sought.most
    return [card for card in cards if most is None or (card.price_from is not None and card.price_from <= most)]


def _programs(property: Property) -> list[Program]:
    return list(Program.objects.filter(property=property, published=True).order_by("position", "slug"))


def _room_types(property: Property) -> list[RoomType]:
    return list(RoomType.objects.filter(property=property, published=True).order_by("position", "slug"))


def _suits(kind: RoomType, sought: Sought) -> bool:
    has = {str(one).casefold() for one in kind.amenities}
    return kind.max_people >= sought.capacity and has.issuperset(sought.amenities)


def _fits(program: Program, sought: Sought) -> bool:
    nights = sought.nights
    length_fits = nights is None or program.min_nights <= len(nights) <= program.max_nights
    return length_fits and _says(sought.words, program.name, program.tagline, program.summary)


def _says(words: tuple[str, ...], *texts: str) -> bool:
    text = " ".join(texts).casefold()
    return all(word in text for word in words)


def _of(prices: Prices, ones: Iterable[Program | RoomType]) -> list[Card]:
    return [_card(one, prices.programs if isinstance(one, Program) else prices.rooms) for one in ones][:ON_A_RAIL]


def _card(one: Program | RoomType, prices: dict[int, Decimal], *, available: bool | None = None) -> Card:
    kind = "program" if isinstance(one, Program) else "room_type"
    return Card(kind, one.slug, one.name, one.tagline, prices.get(one.pk), available)
