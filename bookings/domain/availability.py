"""What can be had for some nights: free rooms from the stock, prices from the one price function. Never cached.

One SQL query for the stock; the price of a wish comes from a rate card that is a few seconds old at most.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice

from django.conf import settings

from bookings.domain import ratecard, rules
from bookings.domain.quote import room_lines
from bookings.domain.ratecard import ProgramFacts, RateCard, TypeFacts
from bookings.domain.request import RoomRequest, StayRequest
from core.errors import Invalid, Missing
from core.money import half_up, total
from core.nights import Nights, local_date
from rooms.domain.inventory import left
from rooms.models import InventoryNight, Property, RoomType
from rooms.queries import TypeStock, house_month, month, nearest_free, property_of_the_site, stock

MEMORY = 4000  # prices kept per rate card


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants a room. `program` "" means any; `rooms` rooms of one type, each for these people.

    Children without a `caregiver` get one: sharing where the room takes them all, else in an own room.
    """

    adults: int = 2
    children_ages: tuple[int, ...] = ()
    caregiver: str = ""
    program: str = ""
    rooms: int = 1


@dataclass(frozen=True, slots=True)
class Price:
    """Rupees for one room: the whole stay, and a night of it on average (half up)."""

    stay: Decimal
    night: Decimal
    program: str


@dataclass(frozen=True, slots=True)
class Offer:
    """One room type for the nights: `available` rooms (0 with a `reason`), and what the wish costs there."""

    slug: str
    name: str
    category: str
    total: int
    available: int
    reason: str
    price: Price | None
    room: RoomRequest
    rooms: int = 1

    @property
    def free(self) -> bool:
        return not self.reason

    @property
    def price_from(self) -> Decimal | None:
        """Rupees a night, tax inclusive."""
        return self.price.night if self.price else None

    @property
    def stay_total(self) -> Decimal | None:
        """Rupees for all rooms and nights, tax inclusive: the figure the booking will show."""
        return self.price.stay * self.rooms if self.price else None


@dataclass(frozen=True, slots=True)
class Assumed:
    """A caregiver that nobody asked for but children need: sharing, or own_room."""

    room_type: str
    name: str
    caregiver: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """Something near to what is sold out: other dates for the same type, or another type on the same dates."""

    kind: str
    room_type: str
    name: str
    nights: Nights
    available: int | None = None
    price_from: Decimal | None = None


REASONS = {
    "sold_out": "Sold out for these dates",
    "too_few": "Not enough rooms left for these dates",
    "closed": "Closed on some of these nights",
    "closed_to_arrival": "No arrival on this day",
    "closed_to_departure": "No departure on this day",
    "min_stay": "Only for longer stays",
    "max_stay": "Only for shorter stays",
    "beyond_horizon": "Not on sale yet",
    "occupancy": "Too small for all of you",
    "no_price": "No price for these dates yet",
}


def search(property: Property, nights: Nights, wish: Wish, *, at: datetime) -> list[Offer]:
    """Every published room type for `nights` (at most 90), in the order of the house.

    Raises Invalid("past_date" | "beyond_horizon" | "too_long" | "unknown_program" | "no_adult").
    """
    card = ratecard.recent(property)
    check(card, nights, wish, at=at)
    return [_offer(row, card, nights, wish) for row in stock(property, nights)]


def check(card: RateCard, nights: Nights, wish: Wish, *, at: datetime) -> None:
    """The dates and the wish make sense at all; fitting into a room is judged per type."""
    rules.check_dates(nights, today=local_date(at, card.time_zone), horizon_days=card.horizon_days)
    if wish.program and wish.program not in card.programs:
        raise Invalid("unknown_program", "There is no such program.", attr="program")
    if wish.adults < 1:
        raise Invalid("no_adult", "Each room needs at least one adult.", attr="adults")


def alternatives(
    property: Property, nights: Nights, wish: Wish, room_type: str, *, at: datetime, count: int = 3
) -> list[Alternative]:
    """When `room_type` is not free: the nearest free dates for it, then the types that are free on these dates."""
    return (
        nearest_dates(property, nights, wish, room_type, at=at, count=count)
        + [
            Alternative("room_type", offer.slug, offer.name, nights, offer.available, offer.price_from)
            for offer in search(property, nights, wish, at=at)
            if offer.free and offer.slug != room_type
        ][:count]
    )


def nearest_dates(
    property: Property, nights: Nights, wish: Wish, room_type: str, *, at: datetime, count: int = 3
) -> list[Alternative]:
    """Up to `count` stays of the same length in the same type, as near to the wanted dates as there are."""
    kind = RoomType.objects.filter(property=property, slug=room_type, published=True).first()
    card = ratecard.recent(property)
    if kind is None or room_type not in card.types:
        return []
    today = local_date(at, card.time_zone)
    latest = today + timedelta(days=card.horizon_days)
    needed = rooms_needed(with_caregiver(wish, card.types[room_type]), wish.rooms)
    stays = nearest_free(kind, nights, earliest=today, count=2 * count, rooms=needed)
    near = sorted(stays, key=lambda stay: abs((stay.check_in - nights.check_in).days))
    bookable = [stay for stay in near if stay.check_in <= latest][:count]
    return [Alternative("dates", kind.slug, kind.name, stay) for stay in sorted(bookable, key=lambda s: s.check_in)]


def with_caregiver(wish: Wish, facts: TypeFacts) -> RoomRequest:
    """The wish as a room of this type; children without a caregiver get the one that fits."""
    room = RoomRequest(facts.slug, wish.adults, wish.children_ages, wish.caregiver)
    if not room.children or room.caregiver:
        return room
    sharing = RoomRequest(facts.slug, wish.adults, wish.children_ages, "sharing")
    if sharing.people <= facts.max_people:
        return sharing
    return RoomRequest(facts.slug, wish.adults, wish.children_ages, "own_room")


def complete(request: StayRequest, card: RateCard) -> tuple[StayRequest, list[Assumed]]:
    """The wish with a caregiver wherever there are children without one, and what was assumed, for a warning."""
    rooms, assumed = [], []
    for room in request.rooms:
        facts = card.types.get(room.room_type)
        if facts is None or room.caregiver or not room.children:
            rooms.append(room)
            continue
        rooms.append(with_caregiver(Wish(room.adults, room.children_ages), facts))
        assumed.append(Assumed(facts.slug, facts.name, rooms[-1].caregiver))
    return replace(request, rooms=tuple(rooms)), assumed


def shortages(property: Property, request: StayRequest) -> list[TypeStock]:
    """The wished types that cannot be had for the nights (one SQL query); empty when all is free."""
    need: Counter[str] = Counter()
    for room in request.rooms:
        need[room.room_type] += rooms_needed(room)
    return [row for row in stock(property, request.nights) if row.available < need[row.slug]]


def rooms_needed(room: RoomRequest, rooms: int = 1) -> int:
    """A caregiver in an own room takes a second one of the type."""
    return rooms * (2 if room.caregiver == "own_room" else 1)


def price(card: RateCard, facts: TypeFacts, room: RoomRequest, nights: Nights, program: str = "") -> Price | None:
    """What one room costs, in the program or in the cheapest that fits the length; None when there is no price."""
    known = _memory(card)
    key = (room, nights.check_in, nights.check_out, program)
    if key not in known:
        if len(known) >= MEMORY:
            known.clear()
        known[key] = min(_prices(card, facts, room, nights, program), key=lambda p: p.stay, default=None)
    return known[key]


@dataclass(frozen=True, slots=True)
class Day:
    """A night in the calendar of a room type: rooms left, the lowest price, and why it cannot be had."""

    night: date
    available: int
    price_from: Decimal | None
    closed: str
    min_stay: int


def calendar(property: Property, room_type: str, first: date, last: date, *, at: datetime) -> list[Day]:
    """Each night of `[first, last]` that is on sale: at most 31 rows, two adults, the shortest stay of the house.

    Raises Missing("unknown_room_type").
    """
    card = ratecard.recent(property)
    facts = card.types.get(room_type)
    if facts is None:
        raise Missing("unknown_room_type", "There is no such room type.")
    today = local_date(at, card.time_zone)
    latest = today + timedelta(days=card.horizon_days)
    return [
        _day(row, card, facts) for row in month(RoomType(pk=facts.id), max(first, today), last) if row.night <= latest
    ]


def house_calendar(property: Property, first: date, last: date, *, at: datetime) -> list[Day]:
    """Each night of `[first, last]` that is on sale, over all room types together: one query, no prices.

    A night is shut only when every type is; `min_stay` is the shortest that any open type allows.
    """
    card = ratecard.recent(property)
    today = local_date(at, card.time_zone)
    latest = today + timedelta(days=card.horizon_days)
    by_night: dict[date, list[InventoryNight]] = {}
    for row in house_month(property, max(first, today), min(last, latest)):
        by_night.setdefault(row.night, []).append(row)
    return [_house_day(night, rows, card.min_nights) for night, rows in sorted(by_night.items())]


def _house_day(night: date, rows: list[InventoryNight], min_nights: int) -> Day:
    free = [row for row in rows if left(row)]
    open_rows = [row for row in free if not row.closed_to_arrival]
    if open_rows:
        closed = ""
    elif free:
        closed = "closed_to_arrival"
    else:
        closed = "closed" if all(row.closed for row in rows) else "sold_out"
    shortest = min((row.min_stay or 0 for row in open_rows), default=0)
    return Day(night, sum(left(row) for row in rows), None, closed, max(min_nights, shortest))


def _offer(row: TypeStock, card: RateCard, nights: Nights, wish: Wish) -> Offer:
    facts = card.types.get(row.slug)
    if facts is None:
        room = RoomRequest(row.slug, wish.adults, wish.children_ages, wish.caregiver)
        return Offer(row.slug, row.name, row.category, row.total, 0, row.reason or "no_price", None, room, wish.rooms)
    room = with_caregiver(wish, facts)
    reason = row.reason or _refusal(room, facts, card, nights, wish)
    amount = None if reason in ("occupancy", "min_stay", "max_stay") else price(card, facts, room, nights, wish.program)
    if not reason and amount is None:
        reason = "no_price"
    if not reason and row.available < rooms_needed(room, wish.rooms):
        reason = "too_few"
    available = row.available if reason in ("", "too_few") else 0
    return Offer(row.slug, row.name, row.category, row.total, available, reason, amount, room, wish.rooms)


def _refusal(room: RoomRequest, facts: TypeFacts, card: RateCard, nights: Nights, wish: Wish) -> str:
    """Why this type cannot be sold although there is stock, as a reason code, or an empty text."""
    programs = [card.programs[wish.program]] if wish.program else list(card.programs.values())
    if all(len(nights) < max(card.min_nights, program.min_nights) for program in programs):
        return "min_stay"
    if not any(_lasts(program, card, nights) for program in programs):
        return "max_stay"
    try:
        rules.check_room(room, facts)
    except Invalid as error:
        return error.code
    return ""


def _lasts(program: ProgramFacts, card: RateCard, nights: Nights) -> bool:
    return max(card.min_nights, program.min_nights) <= len(nights) <= program.max_nights


def _prices(card: RateCard, facts: TypeFacts, room: RoomRequest, nights: Nights, program: str) -> Iterator[Price]:
    wanted = [card.programs[program]] if program else _telling(card, nights)
    for one in wanted:
        try:
            stay = total(line.amount for line in room_lines(room, facts, one, nights, card))
        except Invalid:
            continue
        yield Price(stay, half_up(stay / len(nights)), one.slug)


def _telling(card: RateCard, nights: Nights) -> Sequence[ProgramFacts]:
    """The programs whose prices can differ: those with bands of their own, and one for all the others."""
    fitting = [program for program in card.programs.values() if _lasts(program, card, nights)]
    special = {band.program_id for band in card.bands}
    own = [program for program in fitting if program.id in special]
    return own + list(islice((program for program in fitting if program.id not in special), 1))


_known: tuple[RateCard, dict[object, Price | None]] | None = None


def _memory(card: RateCard) -> dict[object, Price | None]:
    """Prices of this very rate card; a newer card forgets them all."""
    global _known
    if _known is None or _known[0] is not card:
        _known = (card, {})
    return _known[1]


def _day(row: InventoryNight, card: RateCard, facts: TypeFacts) -> Day:
    length = max(card.min_nights, row.min_stay or 0)
    nights = Nights(row.night, row.night + timedelta(days=length))
    shortest = price(card, facts, RoomRequest(facts.slug, min(2, facts.max_adults)), nights)
    free = left(row)
    closed = "closed" if row.closed else "" if free else "sold_out"
    if not closed and row.closed_to_arrival:
        closed = "closed_to_arrival"
    return Day(row.night, free, shortest.night if shortest else None, closed, length)


_home: tuple[float, Property] | None = None


def home() -> Property:
    """The property that this site sells, a few seconds old at most. Raises Missing("no_property")."""
    global _home
    seconds = 0 if settings.PEMA_ENV == "test" else 5
    if _home is None or time.monotonic() - _home[0] >= seconds:
        found = property_of_the_site()
        if found is None:
            raise Missing("no_property", "Nothing is on sale here yet.")
        _home = (time.monotonic(), found)
    return _home[1]
