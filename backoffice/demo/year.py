"""A plausible year at the retreat, as a plan: who comes when, in which room, and how far their booking is.

Pure and seeded: the same seed, day and number of bookings give the same plan. Each stay that holds stock has a
physical room of its own for all of its nights, so capacity is kept and an assignment always exists.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from backoffice.demo import property as house
from backoffice.demo.names import WISHES, person
from backoffice.demo.programs import PROGRAMS
from bookings.states import HOLDS_STOCK, State

S = State
REACH = 180  # days before and after today
PROGRAM_WEIGHTS = {
    "detox": 20,
    "pain-relief": 18,
    "stress-relief": 20,
    "weight-balance": 12,
    "metabolic-reset": 8,
    "restful-sleep": 10,
    "weekend-pause": 12,
}
TYPE_WEIGHTS = {
    "standard": 22,
    "premium-balcony": 26,
    "premium-garden": 24,
    "executive": 12,
    "garden-executive-suite": 3,
    "executive-junior-suite": 3,
    "elemental-villa": 5,
    "pema-suite": 5,
}
PAST = {S.COMPLETED: 80, S.CANCELLED: 11, S.EXPIRED: 4, S.NOT_SUITABLE: 3, S.NO_SHOW: 2}
FUTURE = {
    S.CONFIRMED: 68,
    S.CANCELLED: 13,
    S.APPROVED: 7,
    S.EXPIRED: 5,
    S.NOT_SUITABLE: 4,
    S.IN_REVIEW: 2,
    S.PENDING_MEDICAL: 1,
}
KEEPS_ROOM = HOLDS_STOCK | {S.COMPLETED}
REVIEWED_ONLY = {S.PENDING_MEDICAL, S.IN_REVIEW, S.ON_HOLD, S.NOT_SUITABLE}


@dataclass(frozen=True)
class Scene:
    """A stay that the demo always shows: arrival in days from today, nights, state, what is special."""

    arrival: int
    nights: int
    state: State
    twist: str = ""
    program: str = ""
    room_type: str = ""


# What a visitor finds today. Twists: unassigned, balance, dirty, late (form or decision overdue), guest (demo account).
SCENES = (
    *(Scene(0, n, S.CONFIRMED) for n in (5, 7, 7, 4, 10)),
    Scene(0, 6, S.CONFIRMED, "balance"),
    Scene(0, 7, S.CONFIRMED, "unassigned"),
    Scene(0, 5, S.CONFIRMED, "dirty"),
    Scene(-1, 7, S.CONFIRMED, "unassigned"),  # a no-show candidate
    *(Scene(-n, n, S.CHECKED_IN) for n in (4, 5, 6, 7, 7, 8)),  # departures
    *(Scene(-2, n, S.CHECKED_IN) for n in (5, 7, 9, 11)),
    *(Scene(-5, n, S.CHECKED_IN) for n in (7, 8, 10, 14)),
    *(Scene(1, n, S.CONFIRMED) for n in (5, 7, 8)),
    Scene(1, 6, S.CONFIRMED, "unassigned"),
    Scene(2, 7, S.CONFIRMED, "unassigned"),
    *(Scene(n, 7, S.IN_REVIEW) for n in (6, 9, 12, 15, 20, 26, 33)),
    Scene(5, 7, S.IN_REVIEW, "late"),
    Scene(14, 7, S.ON_HOLD),
    Scene(18, 10, S.ON_HOLD),
    *(Scene(n, 7, S.PENDING_MEDICAL) for n in (11, 17, 24)),
    Scene(13, 7, S.PENDING_MEDICAL, "late"),
    *(Scene(n, 7, S.APPROVED, "", "", "premium-balcony") for n in (16, 22, 35)),
    Scene(40, 5, S.HELD),
    Scene(52, 7, S.HELD),
    Scene(-45, 5, S.COMPLETED, "guest", "stress-relief", "premium-garden"),
    Scene(19, 7, S.CONFIRMED, "guest", "stress-relief", "premium-garden"),
    Scene(30, 7, S.PENDING_MEDICAL, "guest", "detox", "premium-balcony"),
    Scene(48, 7, S.APPROVED, "guest", "pain-relief", "standard"),
    Scene(60, 6, S.CANCELLED, "guest", "detox", "executive"),
)


@dataclass(frozen=True)
class PlannedStay:
    """One stay of the plan. `rooms` are the numbers that it occupies, empty when it holds no stock."""

    number: int
    check_in: date
    nights: int
    program: str
    room_type: str
    room_count: int
    rooms: tuple[str, ...]
    adults: int
    children: tuple[int, ...]
    state: State
    twist: str
    contact: dict[str, Any]
    companions: tuple[str, ...]
    wish: str

    @property
    def check_out(self) -> date:
        return self.check_in + timedelta(days=self.nights)


@dataclass
class Chart:
    """Which room is taken when."""

    taken: dict[str, list[tuple[date, date]]] = field(default_factory=dict)

    def find(self, rng: Random, room_type: str, count: int, check_in: date, check_out: date) -> tuple[str, ...]:
        """`count` free rooms of the type, taken from now on; fewer than `count` free: none."""
        free = [
            number
            for number, slug, *_ in house.rooms()
            if slug == room_type and self._free(number, check_in, check_out)
        ]
        if len(free) < count:
            return ()
        chosen = tuple(sorted(rng.sample(free, count)))
        for number in chosen:
            self.take(number, check_in, check_out)
        return chosen

    def take(self, number: str, check_in: date, check_out: date) -> None:
        self.taken.setdefault(number, []).append((check_in, check_out))

    def _free(self, number: str, check_in: date, check_out: date) -> bool:
        return all(end <= check_in or check_out <= start for start, end in self.taken.get(number, ()))


def blocks(today: date) -> list[tuple[str, date, date, str]]:
    """Rooms out of order: (number, first night, day back, reason)."""
    return [
        ("215", today - timedelta(days=2), today + timedelta(days=5), "New bathroom tiles"),
        ("319", today + timedelta(days=9), today + timedelta(days=14), "Balcony rail to be repaired"),
        ("419", today + timedelta(days=30), today + timedelta(days=44), "Garden wall is rebuilt"),
    ]


def plan(*, today: date, bookings: int, seed: int) -> list[PlannedStay]:
    """At most `bookings` stays around `today`, the fixed scenes first. A full house ends the year earlier."""
    rng, chart, stays = Random(f"{seed}"), Chart(), []
    for number, first_night, back, _ in blocks(today):
        chart.take(number, first_night, back)
    for scene in SCENES[:bookings]:
        stays.append(_from_scene(rng, chart, scene, today, len(stays)))
    misses = 0
    while len(stays) < bookings and misses < 500:
        stay = _any_stay(rng, chart, today, len(stays))
        misses = 0 if stay else misses + 1
        if stay:
            stays.append(stay)
    return stays


def _from_scene(rng: Random, chart: Chart, scene: Scene, today: date, number: int) -> PlannedStay:
    fitting = [p["slug"] for p in PROGRAMS if _suits(p, scene)]
    program = scene.program or rng.choice(fitting)
    check_in = today + timedelta(days=scene.arrival)
    wanted = [scene.room_type] if scene.room_type else []
    for room_type in wanted + _weighted_order(rng, TYPE_WEIGHTS):
        rooms = _rooms(rng, chart, room_type, 1, check_in, scene.nights, scene.state)
        if rooms or scene.state not in KEEPS_ROOM:
            return _stay(rng, number, check_in, scene.nights, program, room_type, 1, rooms, scene.state, scene.twist)
    raise AssertionError("the scenes fit into an empty house")


def _suits(program: dict[str, Any], scene: Scene) -> bool:
    """The length fits, and a reviewed state needs a reviewed program."""
    fits = program["min_nights"] <= scene.nights <= program["max_nights"]
    return fits and (program["needs_medical_review"] or scene.state not in REVIEWED_ONLY)


def _any_stay(rng: Random, chart: Chart, today: date, number: int) -> PlannedStay | None:
    program = _pick(rng, PROGRAM_WEIGHTS)
    facts = next(p for p in PROGRAMS if p["slug"] == program)
    usual = [n for n in (3, 4, 5, 7, 7, 7, 10, 10, 14, 21) if facts["min_nights"] <= n <= facts["max_nights"]]
    nights = rng.choice(usual)
    arrival = round(rng.gauss(0, 11)) if rng.random() < 0.5 else rng.randint(-REACH, REACH - 10)
    check_in = today + timedelta(days=arrival)
    state = _state(rng, check_in, check_in + timedelta(days=nights), today)
    if state in REVIEWED_ONLY and not facts["needs_medical_review"]:
        state = S.CANCELLED if state == S.NOT_SUITABLE else S.CONFIRMED
    if state in (S.IN_REVIEW, S.PENDING_MEDICAL, S.APPROVED) and arrival < 6:
        state = S.CONFIRMED
    room_type = _pick(rng, TYPE_WEIGHTS)
    count = 2 if rng.random() < 0.05 and room_type in ("standard", "premium-balcony", "premium-garden") else 1
    rooms = _rooms(rng, chart, room_type, count, check_in, nights, state)
    if state in KEEPS_ROOM and not rooms:
        return None
    twist = "unassigned" if state == S.CONFIRMED and arrival > 2 and rng.random() < 0.4 else ""
    return _stay(rng, number, check_in, nights, facts["slug"], room_type, count, rooms, state, twist)


def _rooms(
    rng: Random, chart: Chart, room_type: str, count: int, check_in: date, nights: int, state: State
) -> tuple[str, ...]:
    """Rooms for a state that keeps its stock; () for one that gave it back."""
    if state not in KEEPS_ROOM:
        return ()
    return chart.find(rng, room_type, count, check_in, check_in + timedelta(days=nights))


def _state(rng: Random, check_in: date, check_out: date, today: date) -> State:
    if check_out < today or (check_out == today and check_in < today and rng.random() < 0.3):
        return _pick(rng, PAST)
    if check_in < today:
        return S.CHECKED_IN
    if check_in == today:
        return S.CONFIRMED
    return _pick(rng, FUTURE)


def _stay(
    rng: Random,
    number: int,
    check_in: date,
    nights: int,
    program: str,
    room_type: str,
    room_count: int,
    rooms: tuple[str, ...],
    state: State,
    twist: str,
) -> PlannedStay:
    adults = rng.choice((1, 1, 2, 2, 2))
    children = (rng.randint(1, 12),) if program == "weekend-pause" and rng.random() < 0.25 else ()
    people = [person(rng, number * 8 + place) for place in range(adults * room_count)]
    return PlannedStay(
        number=number,
        check_in=check_in,
        nights=nights,
        program=program,
        room_type=room_type,
        room_count=room_count,
        rooms=rooms,
        adults=adults,
        children=children,
        state=state,
        twist=twist,
        contact=people[0],
        companions=tuple(f"{one['given_name']} {people[0]['family_name']}" for one in people[1:]),
        wish=rng.choice(WISHES),
    )


def _pick(rng: Random, weights: dict[Any, int]) -> Any:
    return rng.choices(list(weights), list(weights.values()))[0]


def _weighted_order(rng: Random, weights: dict[str, int]) -> list[str]:
    return sorted(weights, key=lambda name: rng.random() / weights[name])
