"""One function for the price: facts in, lines out. Pure: the rate card and the instant are arguments.

The same function answers the search result, the booking page, the API estimate and staff. Shown prices include GST.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

from bookings.domain import policy, rules, schedule, tax
from bookings.domain.policy import Row
from bookings.domain.ratecard import Band, Plan, PolicyFacts, ProgramFacts, RateCard, TypeFacts
from bookings.domain.request import ExtraRequest, RoomRequest, StayRequest
from core.errors import Invalid
from core.money import ZERO, total
from core.nights import Nights, local_date


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the price; `room` is the position of the room it belongs to, None for extras."""

    code: str
    description: str
    quantity: int
    unit_amount: Decimal
    amount: Decimal
    gst_rate: Decimal
    split: tax.Split
    why: str
    room: int | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """The priced answer to a wish. Σ lines == total, to the paisa."""

    request: StayRequest
    program: ProgramFacts
    lines: tuple[Line, ...]
    total: Decimal
    plan: Plan
    schedule: tuple[schedule.Step, ...]
    policy: PolicyFacts
    at: datetime
    today: date

    @property
    def tax(self) -> Decimal:
        return total(line.split.cgst + line.split.sgst for line in self.lines)

    @property
    def subtotal(self) -> Decimal:
        """Before tax, with the paisa of rounding: subtotal + tax == total."""
        return self.total - self.tax

    def room_total(self, position: int) -> Decimal:
        return total(line.amount for line in self.lines if line.room == position)

    def cancellation(self, paid: Decimal | None = None) -> list[Row]:
        """Dated rows of what comes back, of `paid` or of the whole total."""
        amount = self.total if paid is None else paid
        return policy.rows(self.policy.tiers, paid=amount, check_in=self.request.nights.check_in, today=self.today)


@dataclass(frozen=True, slots=True)
class _Night:
    """What one room costs on one night, by item, and the tax rate of the unit on that night."""

    band: Band
    rate: Decimal
    items: tuple[tuple[str, int, Decimal], ...]  # (item, quantity, unit price)


def quote(request: StayRequest, card: RateCard, *, at: datetime) -> Quote:
    """Price a wish. `at` is the instant of asking; dates are judged property-local.

    Raises Invalid for every broken house rule (see `rules.check`) and Invalid("no_price") without a rate band.
    """
    today = local_date(at, card.time_zone)
    program = rules.check(request, card, today=today)
    types = [card.types[room.room_type] for room in request.rooms]
    lines = tuple(
        line
        for position, (room, facts) in enumerate(zip(request.rooms, types, strict=True))
        for line in room_lines(room, facts, program, request.nights, card, position=position)
    ) + tuple(extra_line(extra, request, card) for extra in request.extras)
    amount = total(line.amount for line in lines)
    plan = schedule.strictest([facts.plan for facts in types])
    return Quote(
        request=request,
        program=program,
        lines=lines,
        total=amount,
        plan=plan,
        schedule=tuple(schedule.steps(plan, total=amount, check_in=request.nights.check_in)),
        policy=policy.choose(card.policies, program_id=program.id, room_type_id=types[0].id, today=today),
        at=at,
        today=today,
    )


def room_lines(
    room: RoomRequest,
    facts: TypeFacts,
    program: ProgramFacts,
    nights: Nights,
    card: RateCard,
    *,
    position: int = 0,
) -> Iterator[Line]:
    """The lines of one room; neighbouring nights of the same price become one line."""
    priced = [_night(room, facts, program, nights, night, card) for night in nights]
    for item in dict.fromkeys(item for night in priced for item, _, _ in night.items):
        of_item = [(night, *_find(night, item)) for night in priced]
        for (band, rate, quantity, unit), group in groupby(of_item, key=lambda n: (n[0].band, n[0].rate, n[1], n[2])):
            count = len(list(group))
            if unit == ZERO:
                continue
            amount = unit * quantity * count
            yield Line(
                code=item.split(":")[0],
                description=_describe(item, room, facts, quantity, count),
                quantity=quantity * count,
                unit_amount=unit,
                amount=amount,
                gst_rate=rate,
                split=tax.split(amount, rate),
                why=f"{band.label}, GST {rate.normalize():f} %",
                room=position,
            )


def extra_line(extra: ExtraRequest, request: StayRequest, card: RateCard) -> Line:
    """The line of one extra; people are those who take part (adults and young people from 13)."""
    facts = card.extras[extra.code]
    people = sum(room.grown for room in request.rooms)
    times = {"stay": 1, "night": len(request.nights), "person": people, "person_night": people * len(request.nights)}
    quantity = extra.quantity * times[facts.basis]
    amount = facts.amount * quantity
    return Line(
        code=f"extra-{extra.code}",
        description=facts.name,
        quantity=quantity,
        unit_amount=facts.amount,
        amount=amount,
        gst_rate=facts.gst_rate,
        split=tax.split(amount, facts.gst_rate),
        why=f"{facts.name}, per {facts.basis.replace('_', ' and ')}, GST {facts.gst_rate.normalize():f} %",
    )


def find_band(card: RateCard, *, program_id: int, room_type_id: int, night: date, length: int) -> Band:
    """The band of one night: narrowest scope, then priority, then newest (domain.md §4).

    `length` is the nights of the whole stay. Raises Invalid("no_price").
    """
    fitting = [band for band in card.bands if _fits(band, program_id, room_type_id, night, length)]
    if not fitting:
        raise Invalid("no_price", f"There is no price for {night:%d %b %Y} yet. Choose other dates.")
    return max(fitting, key=lambda band: (_narrowness(band), band.priority, band.created_at, band.id))


def _fits(band: Band, program_id: int, room_type_id: int, night: date, length: int) -> bool:
    return (
        band.program_id in (None, program_id)
        and band.room_type_id in (None, room_type_id)
        and band.nights_min <= length
        and (band.nights_max is None or length <= band.nights_max)
        and (band.season_from is None or band.season_from <= night)
        and (band.season_to is None or night <= band.season_to)
        and (not band.weekdays or night.weekday() in band.weekdays)
    )


def _narrowness(band: Band) -> int:
    return 2 * (band.program_id is not None) + (band.room_type_id is not None)


def _night(
    room: RoomRequest, facts: TypeFacts, program: ProgramFacts, nights: Nights, night: date, card: RateCard
) -> _Night:
    band = find_band(card, program_id=program.id, room_type_id=facts.id, night=night, length=len(nights))
    items = [("room", 1, _occupancy_price(band, room.grown))]
    for age in room.children:
        rate = next((rate.amount for rate in card.children if rate.age_from <= age <= rate.age_to), None)
        if rate is None:
            raise Invalid("no_price", f"There is no price for a child of {age}.", attr="rooms")
        items.append((f"child:{age}", 1, rate))
    if room.caregiver == "sharing":
        items.append(("caregiver", 1, facts.caregiver_sharing))
    unit_day = total(quantity * unit for _, quantity, unit in items)
    rate = tax.accommodation_rate(unit_day, night, card.taxes)
    if room.caregiver == "own_room":
        items.append(("caregiver-room", 1, facts.caregiver_own_room))
    return _Night(band, rate, _merge(items))


def _occupancy_price(band: Band, people: int) -> Decimal:
    if people == 1:
        return band.single
    extra = (band.extra_adult if band.extra_adult is not None else band.double - band.single) * (people - 2)
    return band.double + extra


def _merge(items: list[tuple[str, int, Decimal]]) -> tuple[tuple[str, int, Decimal], ...]:
    merged: dict[str, tuple[str, int, Decimal]] = {}
    for item, quantity, unit in items:
        before = merged.get(item, (item, 0, unit))
        merged[item] = (item, before[1] + quantity, unit)
    return tuple(merged.values())


def _find(night: _Night, item: str) -> tuple[int, Decimal]:
    return next(((quantity, unit) for name, quantity, unit in night.items if name == item), (0, ZERO))


def _describe(item: str, room: RoomRequest, facts: TypeFacts, quantity: int, count: int) -> str:
    nights = f"{count} night{'s' if count != 1 else ''}"
    if item == "room":
        return f"{facts.name}, {nights}, {room.grown} adult{'s' if room.grown != 1 else ''}"
    if item.startswith("child"):
        many = f"{quantity} children" if quantity > 1 else "Child"
        return f"{many} of {item.split(':')[1]}, {nights}"
    return f"Caregiver {'in an own room' if item == 'caregiver-room' else 'sharing the room'}, {nights}"
