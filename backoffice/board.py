"""The day at the front desk: who comes, who goes, who sleeps here. A fixed number of queries for a full house."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q

from bookings.domain import front_desk
from bookings.domain.front_desk import Gate
from bookings.models import BookedRoom, StayBooking
from bookings.queries.occupancy import occupants
from bookings.states import State
from core.nights import Nights
from core.reach import Reach
from payments.domain.folio import counted_of
from payments.queries import standings
from rooms.models import Assignment, Block, Room

LOOK_AHEAD = 3  # days of arrivals in which a missing room is shown
ARRIVING = (State.APPROVED, State.CONFIRMED)
DONE_OR_IN = (State.CHECKED_IN, State.COMPLETED)


@dataclass
class Row:
    """One stay on the board."""

    booking: StayBooking
    rooms: list[Room]
    booked: list[BookedRoom]
    missing: list[BookedRoom]
    balance: Decimal
    gates: list[Gate] = field(default_factory=list)
    choices: list[tuple[BookedRoom, list[Room]]] = field(default_factory=list)

    @property
    def people(self) -> int:
        return sum(room.adults + len(room.children_ages) + (room.caregiver == "sharing") for room in self.booked)

    @property
    def ready(self) -> bool:
        return all(gate.open for gate in self.gates)


@dataclass
class Board:
    """The six lists of a day; each count is the length of its list."""

    day: date
    today: date
    arrivals: list[Row]
    departures: list[Row]
    in_house: list[Row]
    stay_overs: list[Row]
    unassigned: list[Row]
    no_shows: list[Row]

    @property
    def is_today(self) -> bool:
        return self.day == self.today

    @property
    def arrived(self) -> int:
        return sum(row.booking.state == State.CHECKED_IN for row in self.arrivals)

    @property
    def departed(self) -> int:
        return sum(row.booking.state == State.COMPLETED for row in self.departures)


def board(day: date, *, today: date, reach: Reach) -> Board:
    """The board of `day` as seen on `today` (both property-local), of the properties within `reach`."""
    stays = list(
        reach.rows(StayBooking.objects.filter(_wanted(day, today)), "property")
        .select_related("program")
        .prefetch_related("rooms__room_type")
        .defer("terms", "quote", "reminders", "special_requests")
        .order_by("check_in", "contact_name", "pk")
    )
    rows = _rows(stays)
    arrivals = [row for row in rows if row.booking.check_in == day and row.booking.state in (*ARRIVING, *DONE_OR_IN)]
    unassigned = [row for row in rows if row.missing and _arrives_soon(row.booking, day)]
    _offer_rooms(unassigned)
    in_house = sorted((row for row in rows if _sleeps_here(row.booking, day, today)), key=_by_room)
    return Board(
        day=day,
        today=today,
        arrivals=sorted(arrivals, key=lambda row: (row.booking.state != State.CONFIRMED, row.booking.contact_name)),
        departures=[row for row in rows if _leaves(row.booking, day, today)],
        in_house=in_house,
        stay_overs=[row for row in in_house if row.booking.check_in < day < row.booking.check_out],
        unassigned=unassigned,
        no_shows=[row for row in rows if _missed(row.booking, day, today)],
    )


def _wanted(day: date, today: date) -> Q:
    """Every stay that one of the lists may show; each part walks an index."""
    soon = day + timedelta(days=LOOK_AHEAD)
    wanted = Q(check_in__gte=day, check_in__lt=soon, state__in=(*ARRIVING, *DONE_OR_IN))
    wanted |= Q(check_out=day, state__in=DONE_OR_IN) | Q(state=State.CHECKED_IN)
    if day <= today:
        wanted |= Q(check_in__lt=day, check_in__gte=day - timedelta(days=60), state=State.CONFIRMED)
    if day < today:
        wanted |= Q(check_in__lte=day, check_out__gt=day, state=State.COMPLETED)
    if day > today:
        wanted |= Q(check_in__lte=day, check_out__gte=day, state=State.CONFIRMED)
    return wanted


def _arrives_soon(booking: StayBooking, day: date) -> bool:
    return booking.state in ARRIVING and day <= booking.check_in < day + timedelta(days=LOOK_AHEAD)


def _sleeps_here(booking: StayBooking, day: date, today: date) -> bool:
    """In the house on that day: today those who are in; later those who will be; earlier those who were."""
    if day == today:
        return booking.state == State.CHECKED_IN
    if not booking.check_in <= day < booking.check_out:
        return False
    if day < today:
        return booking.state in DONE_OR_IN
    return booking.state == State.CHECKED_IN or _expected(booking, today)


def _expected(booking: StayBooking, today: date) -> bool:
    """Confirmed and still to come; whoever missed the arrival is not counted on."""
    return booking.state == State.CONFIRMED and booking.check_in >= today


def _leaves(booking: StayBooking, day: date, today: date) -> bool:
    """Departures of the day; on the day itself also those who should have left before."""
    if booking.check_out == day:
        return booking.state in DONE_OR_IN or (day > today and _expected(booking, today))
    return day == today and booking.state == State.CHECKED_IN and booking.check_out < day


def _by_room(row: Row) -> tuple[str, str]:
    return (row.rooms[0].number if row.rooms else "", row.booking.contact_name)


def _missed(booking: StayBooking, day: date, today: date) -> bool:
    return day <= today and booking.state == State.CONFIRMED and booking.check_in < day


def _rows(stays: list[StayBooking]) -> list[Row]:
    holders = {str(room.key) for stay in stays for room in stay.rooms.all()}
    rooms = {
        assignment.holder: assignment.room
        for assignment in Assignment.objects.filter(holder__in=holders, active=True).select_related("room")
    }
    balances = _balances([stay.folio_id for stay in stays])
    inside = _inside(stays, rooms)
    found = []
    for stay in stays:
        booked = list(stay.rooms.all())
        mine = [rooms[str(room.key)] for room in booked if str(room.key) in rooms]
        row = Row(
            booking=stay,
            rooms=mine,
            booked=booked,
            missing=[room for room in booked if str(room.key) not in rooms],
            balance=balances[stay.folio_id],
        )
        if stay.state in ARRIVING:
            row.gates = front_desk.judge(
                stay.clearance, balance=row.balance, rooms=mine, wanted=len(booked), inside=inside
            )
        found.append(row)
    return found


def _inside(stays: list[StayBooking], rooms: dict[str, Room]) -> dict[int, str]:
    """Who is in the rooms of those still to come. An arriving stay is never inside itself."""
    coming = {str(room.key) for stay in stays if stay.state in ARRIVING for room in stay.rooms.all()}
    return occupants([room.pk for holder, room in rooms.items() if holder in coming])


def _balances(folio_ids: Iterable[int]) -> dict[int, Decimal]:
    """What each folio still owes: charges less the money that counts."""
    ids = list(folio_ids)
    figures, counts = standings(ids), counted_of(ids)
    return {pk: figures[pk].charges - counts[pk] for pk in ids}


def _offer_rooms(rows: list[Row]) -> None:
    """The free rooms for each missing one, ready ones first; three queries for all rows together."""
    if not rows:
        return
    types = {room.room_type_id for row in rows for room in row.missing}
    first = min(row.booking.check_in for row in rows)
    last = max(row.booking.check_out for row in rows)
    rooms = list(Room.objects.filter(room_type_id__in=types, active=True).order_by("number"))
    taken: dict[int, list[Nights]] = defaultdict(list)
    assigned = Assignment.objects.filter(active=True, check_in__lt=last, check_out__gt=first)
    for room_id, start, end in assigned.values_list("room_id", "check_in", "check_out"):
        taken[room_id].append(Nights(start, end))
    blocked = Block.objects.filter(lifted_at__isnull=True, first_night__lt=last, last_day__gt=first)
    for room_id, start, end in blocked.values_list("room_id", "first_night", "last_day"):
        taken[room_id].append(Nights(start, end))
    for row in rows:
        nights = row.booking.nights
        row.choices = [
            (
                booked,
                sorted(
                    (
                        room
                        for room in rooms
                        if room.room_type_id == booked.room_type_id
                        and not any(nights.overlaps(other) for other in taken[room.pk])
                    ),
                    key=lambda room: (not room.ready, room.number),
                ),
            )
            for booked in row.missing
        ]
