"""When things happened in a planned stay. Pure: everything lies before `now`, in the order of the lifecycle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from backoffice.demo.year import PlannedStay
from bookings.states import State

S = State
HOUR = timedelta(hours=1)
ENDED_EARLY = (S.CANCELLED, S.NOT_SUITABLE)


@dataclass(frozen=True)
class Times:
    """Instants of one stay; None where it did not come so far."""

    created: datetime
    paid: datetime | None = None
    submitted: datetime | None = None
    asked: datetime | None = None
    decided: datetime | None = None
    second_paid: datetime | None = None
    arrived: datetime | None = None
    ended: datetime | None = None
    examined: datetime | None = None


def times(stay: PlannedStay, rng: Random, *, now: datetime, zone: ZoneInfo, reviewed: bool) -> Times:
    """The instants of `stay`; `reviewed` when its program asks for a guest form."""
    late = stay.twist == "late"
    if stay.state == S.HELD:
        return Times(created=now - timedelta(minutes=rng.randint(1, 4)))
    if stay.state == S.EXPIRED:
        created = _ago(stay, rng, now, zone)
        return Times(created=created, ended=created + timedelta(minutes=20))
    if stay.state == S.PENDING_MEDICAL:
        paid = now - (59 * HOUR if late else rng.uniform(2, 20) * HOUR)
        return Times(created=paid - timedelta(minutes=6), paid=paid)
    if stay.state in (S.IN_REVIEW, S.ON_HOLD):
        submitted = now - (25.5 * HOUR if late else rng.uniform(8, 21) * HOUR)
        paid = submitted - rng.uniform(1, 18) * HOUR
        asked = now - rng.uniform(1, 7) * HOUR if stay.state == S.ON_HOLD else None
        return Times(created=paid - timedelta(minutes=8), paid=paid, submitted=submitted, asked=asked)
    return _longer(stay, rng, now, zone, reviewed)


def _longer(stay: PlannedStay, rng: Random, now: datetime, zone: ZoneInfo, reviewed: bool) -> Times:
    """Stays that a doctor has seen, or that need none."""
    created = now - rng.uniform(20, 50) * HOUR if stay.state == S.APPROVED else _ago(stay, rng, now, zone)
    paid = created + timedelta(minutes=rng.randint(3, 15))
    submitted = paid + rng.uniform(1, 10) * HOUR if reviewed else None
    decided = submitted + rng.uniform(1, 8) * HOUR if submitted else paid
    if stay.state == S.APPROVED:
        return Times(created, paid, submitted, decided=decided)
    if stay.state == S.NOT_SUITABLE:
        return Times(created, paid, submitted, decided=decided, ended=decided)
    second = decided + rng.uniform(2, 40) * HOUR
    if stay.state == S.CANCELLED:
        return _cancelled(stay, rng, now, zone, Times(created, paid, submitted, decided=decided, second_paid=second))
    arrived = _local(stay.check_in, zone, rng.randint(12, 17), rng.randint(0, 59))
    if stay.state == S.NO_SHOW:
        return Times(created, paid, submitted, None, decided, second, ended=arrived + 20 * HOUR)
    if stay.state == S.CONFIRMED:
        return Times(created, paid, submitted, None, decided, second)
    arrived = min(arrived, now - HOUR)
    left = _local(stay.check_out, zone, rng.randint(8, 10), rng.randint(0, 59))
    ended = min(left, now) if stay.state == S.COMPLETED else None
    examined = _examined(arrived, now, zone) if reviewed else None
    return Times(created, paid, submitted, None, decided, second, arrived, ended, examined)


def _examined(arrived: datetime, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The doctor sees everybody on the day of arrival; who came today still waits."""
    today = arrived.astimezone(zone).date() == now.astimezone(zone).date()
    return None if today else arrived + timedelta(minutes=60 + arrived.minute)


def _cancelled(stay: PlannedStay, rng: Random, now: datetime, zone: ZoneInfo, whole: Times) -> Times:
    """Cancelled at some moment after the first payment; what would have come later did not happen."""
    assert whole.paid is not None and whole.decided is not None and whole.second_paid is not None
    latest = min(now - HOUR, _local(stay.check_in, zone, 9, 0) - 24 * HOUR)
    ended = whole.paid + max((latest - whole.paid) * rng.uniform(0.1, 1), HOUR / 2)
    reached = ended > whole.decided
    return Times(
        created=whole.created,
        paid=whole.paid,
        submitted=whole.submitted if reached else None,
        decided=whole.decided if reached else None,
        second_paid=whole.second_paid if ended > whole.second_paid and rng.random() < 0.6 else None,
        ended=ended,
    )


def _ago(stay: PlannedStay, rng: Random, now: datetime, zone: ZoneInfo) -> datetime:
    """When a stay was booked: 6 to 120 days ahead, and long enough ago for all that has happened since."""
    lead = timedelta(days=6 + min(rng.expovariate(1 / 28), 114))
    ahead = _local(stay.check_in, zone, rng.randint(7, 22), rng.randint(0, 59)) - lead
    return min(ahead, now - timedelta(days=rng.uniform(3, 25)))


def _local(day: date, zone: ZoneInfo, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour, minute), zone)
