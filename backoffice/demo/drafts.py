"""A planned stay worked out in full: its price, its payments, what came back, and how it ended. No tables written."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from backoffice.demo.timeline import HOUR, Times, times
from backoffice.demo.year import PlannedStay
from bookings.domain import policy
from bookings.domain.quote import Quote, quote
from bookings.domain.ratecard import RateCard
from bookings.domain.request import ExtraRequest, RoomRequest, StayRequest
from bookings.states import Clearance, State
from core.money import ZERO, total
from core.nights import Nights, local_date
from core.references import CROCKFORD

S = State
WHOLE = {S.CHECKED_IN, S.COMPLETED}
UNPAID = {S.HELD, S.EXPIRED}
WISHED_EXTRAS = ("airport-transfer", "abhyanga-massage", "private-yoga", "guided-beach-walk", "fresh-flowers")
CONDITIONS = (
    "No sesame oil",
    "Warm water instead of cold",
    "Supper before seven",
    "No steam or sauna",
    "A room close to the dining hall",
    "Gentle yoga only",
)
MODES = ("UPI", "CC", "NB", "DC")


@dataclass
class Paid:
    """Money that came in, in rupees, and what of it goes back."""

    milestone: str
    amount: Decimal
    at: datetime
    mode: str
    back: Decimal = ZERO


@dataclass
class Draft:
    """Everything about one stay before it is written."""

    stay: PlannedStay
    rng: Random
    state: State
    clearance: Clearance
    times: Times
    priced: Quote
    reference: str
    payments: list[Paid] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)

    @property
    def cleared(self) -> bool:
        return self.clearance in (Clearance.CLEARED, Clearance.NOT_NEEDED)

    @property
    def back(self) -> Decimal:
        return total(paid.back for paid in self.payments)

    @property
    def kept(self) -> Decimal:
        """What the house keeps of an early end, in rupees."""
        return total(paid.amount for paid in self.payments) - self.back

    def code(self, length: int) -> str:
        return code(self.rng, length)

    def uuid(self) -> UUID:
        return UUID(int=self.rng.getrandbits(128), version=4)


def code(rng: Random, length: int) -> str:
    """`length` seeded characters of the alphabet of our references."""
    return "".join(rng.choices(CROCKFORD, k=length))


def draft(stay: PlannedStay, card: RateCard, *, now: datetime, seed: int) -> Draft:
    """Work a planned stay out; the same seed gives the same draft."""
    rng = Random(f"{seed}:{stay.number}")
    zone = ZoneInfo(card.time_zone)
    reviewed = card.programs[stay.program].needs_review
    found = times(stay, rng, now=now, zone=zone, reviewed=reviewed)
    priced = quote(_wish(stay, rng), card, at=found.created)
    one = Draft(
        stay=stay,
        rng=rng,
        state=_state(stay, priced),
        clearance=_clearance(stay, found, reviewed),
        times=found,
        priced=priced,
        reference=f"PW-{code(rng, 10)}",
    )
    one.payments = _payments(one, now)
    _give_back(one, zone)
    if one.clearance == Clearance.CLEARED and rng.random() < 0.25:
        one.conditions = rng.sample(CONDITIONS, rng.randint(1, 2))
    return one


def _wish(stay: PlannedStay, rng: Random) -> StayRequest:
    caregiver = "sharing" if stay.children else ""
    rooms = tuple(
        RoomRequest(stay.room_type, stay.adults, () if place else stay.children, "" if place else caregiver)
        for place in range(stay.room_count)
    )
    extras = rng.sample(WISHED_EXTRAS, rng.choice((0, 0, 0, 1, 1, 2)))
    return StayRequest(
        program=stay.program,
        nights=Nights(stay.check_in, stay.check_out),
        rooms=rooms,
        extras=tuple(ExtraRequest(extra) for extra in extras),
    )


def _state(stay: PlannedStay, priced: Quote) -> State:
    """Without a middle step an approved stay is confirmed already."""
    middle = any(step.milestone == "half" for step in priced.schedule)
    return S.CONFIRMED if stay.state == S.APPROVED and not middle else stay.state


def _clearance(stay: PlannedStay, found: Times, reviewed: bool) -> Clearance:
    if not reviewed:
        return Clearance.NOT_NEEDED
    if stay.state == S.NOT_SUITABLE:
        return Clearance.NOT_SUITABLE
    if stay.state == S.ON_HOLD:
        return Clearance.ON_HOLD
    return Clearance.CLEARED if found.decided else Clearance.PENDING


def _payments(one: Draft, now: datetime) -> list[Paid]:
    """The milestones that were reached, each paid by one payment."""
    if one.state in UNPAID or one.times.paid is None:
        return []
    reached = _reached(one, now)
    found = []
    for place, step in enumerate(one.priced.schedule[:reached]):
        if place == 0:
            at = one.times.paid
        elif step.milestone == "balance":
            at = one.times.arrived or (one.times.second_paid or one.times.paid) + 5 * HOUR
        else:
            at = one.times.second_paid or one.times.paid
        mode = one.rng.choice(MODES) if step.amount <= 100000 else one.rng.choice(("CC", "NB", "NB"))
        found.append(Paid(step.milestone, step.amount, at, mode))
    return found


def _reached(one: Draft, now: datetime) -> int:
    """How many milestones of the schedule are paid."""
    steps = len(one.priced.schedule)
    before_balance = max(steps - 1, 1) if one.priced.schedule[-1].milestone == "balance" else steps
    if one.state in WHOLE:
        return steps
    if one.state == S.CONFIRMED:
        days = (one.stay.check_in - local_date(now, "Asia/Kolkata")).days
        everything = one.stay.twist != "balance" and (days <= 0 or one.rng.random() < 0.25)
        return steps if everything else before_balance
    if one.state == S.NO_SHOW or (one.state == S.CANCELLED and one.times.second_paid):
        return before_balance
    return 1


def _give_back(one: Draft, zone: ZoneInfo) -> None:
    """What an early end returns: the newest payment first, never above what it holds."""
    if one.times.ended is None or one.state in WHOLE:
        return
    paid = total(payment.amount for payment in one.payments)
    left = paid
    if one.state != S.NOT_SUITABLE:
        today = one.times.ended.astimezone(zone).date()
        left = policy.refund_due(one.priced.policy.tiers, paid=paid, check_in=one.stay.check_in, today=today)
    for payment in reversed(one.payments):
        payment.back = min(left, payment.amount)
        left -= payment.back
