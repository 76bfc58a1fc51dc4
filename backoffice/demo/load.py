"""The demo property, loaded in one transaction: catalogue, people, a year of stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from backoffice.demo import books, catalogue, forms, history, past, people, reviews, stock, write
from backoffice.demo.drafts import Draft, draft
from backoffice.demo.year import SCENES, plan
from bookings.domain import demand, ratecard
from bookings.models import StayBooking
from bookings.states import State
from core.nights import local_date
from rooms.models import Property

SEED = 20261
BOOKINGS = 400
YEAR = 600  # more than this many are spread over the years before
CONTACTS = "@guests.example"


@dataclass(frozen=True)
class Loaded:
    """What there is after loading, and what this run has added."""

    property: Property
    added: int
    bookings: int


def load(*, now: datetime, bookings: int = BOOKINGS, seed: int = SEED, catalogue_only: bool = False) -> Loaded:
    """Load the demo. A second run adds nothing; a run that asks for more bookings adds the difference to the past."""
    with transaction.atomic():
        today = local_date(now, "Asia/Kolkata")
        retreat = catalogue.load(today=today)
        users = people.load()
        have = _have()
        added = 0
        if not catalogue_only and bookings and not have:
            added = _year(retreat, users, now=now, bookings=min(bookings, YEAR), seed=seed)
    if not catalogue_only and bookings > have + added:
        added += past.load(retreat, today=today, bookings=bookings - have - added, seed=seed)
    if added:
        demand.recount(at=now)
    return Loaded(retreat, added, _have())


def _have() -> int:
    """Demo stays that are there already: those of made-up guests, and the demo guest's own of the fixed scenes."""
    own = sum(scene.twist == "guest" for scene in SCENES)
    made_up = StayBooking.objects.filter(contact_email__endswith=CONTACTS).count()
    return made_up + min(own, StayBooking.objects.filter(contact_email=people.GUEST_EMAIL).count())


def drafts(retreat: Property, *, now: datetime, bookings: int, seed: int) -> list[Draft]:
    """The planned year, worked out in full and not written."""
    card = ratecard.load(retreat)
    planned = plan(today=local_date(now, retreat.time_zone), bookings=bookings, seed=seed)
    return [draft(stay, card, now=now, seed=seed) for stay in planned]


def _year(retreat: Property, users: dict[str, User], *, now: datetime, bookings: int, seed: int) -> int:
    today = local_date(now, retreat.time_zone)
    drafted = drafts(retreat, now=now, bookings=bookings, seed=seed)
    stock.write_past_nights(retreat, today=today)
    written = write.write_stays(drafted, retreat, users)
    books.write_money(written, now=now)
    doctor_of = forms.doctors(users)
    history.write_history(written, users, doctor_of)
    forms.write_forms(written, doctor_of, now=now)
    reviews.write_reviews(written, now=now, seed=seed)
    stock.write_blocks(retreat, today=today)
    stock.recount(retreat, today=today)
    arriving = [row.draft.stay for row in written if row.draft.state == State.CONFIRMED]
    today_rooms = {n for stay in arriving if stay.check_in == today for n in stay.rooms}
    dirty = {n for stay in arriving if stay.twist == "dirty" for n in stay.rooms}
    stock.make_rooms_look_lived_in(retreat, dirty, today_rooms - dirty, today=today, seed=seed)
    return len(written)
