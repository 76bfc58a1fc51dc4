"""House rules of a stay (domain.md §3). Pure: no tables, no clock."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import ngettext

from bookings.domain.ratecard import ProgramFacts, RateCard, TypeFacts
from bookings.domain.request import RoomRequest, StayRequest
from core.errors import Invalid
from core.nights import Nights

MAX_NIGHTS = 90
MAX_ROOMS = 5


def check_dates(nights: Nights, *, today: date, horizon_days: int) -> None:
    """Arrival from today to the horizon, at most 90 nights. `today` is property-local.

    Raises Invalid("past_date" | "beyond_horizon" | "too_long").
    """
    if nights.check_in < today:
        raise Invalid("past_date", "The arrival is in the past. Choose today or later.", attr="check_in_date")
    if nights.check_in > today + timedelta(days=horizon_days):
        raise Invalid("beyond_horizon", f"We take bookings up to {horizon_days} days ahead.", attr="check_in_date")
    if len(nights) > MAX_NIGHTS:
        raise Invalid("too_long", f"A stay lasts at most {MAX_NIGHTS} nights.", attr="check_out_date")


def check_length(nights: Nights, program: ProgramFacts, *, min_nights: int) -> None:
    """The stay is as long as the house and the program ask. Raises Invalid("min_stay" | "max_stay")."""
    low = max(min_nights, program.min_nights)
    if len(nights) < low:
        raise Invalid("min_stay", f"{program.name} lasts at least {_nights(low)}.", attr="check_out_date")
    if len(nights) > program.max_nights:
        raise Invalid("max_stay", f"{program.name} lasts at most {_nights(program.max_nights)}.", attr="check_out_date")


def _nights(count: int) -> str:
    return ngettext("%(n)s night", "%(n)s nights", count) % {"n": count}


def _adults(count: int) -> str:
    return ngettext("%(n)s adult", "%(n)s adults", count) % {"n": count}


def _children(count: int) -> str:
    return ngettext("%(n)s child", "%(n)s children", count) % {"n": count}


def check_room(room: RoomRequest, facts: TypeFacts) -> None:
    """People fit into the room and children have a caregiver.

    Raises Invalid("no_adult" | "occupancy" | "caregiver_required" | "caregiver_without_child").
    """
    if room.adults < 1:
        raise Invalid("no_adult", "Each room needs at least one adult.", attr="rooms")
    if room.grown > facts.max_adults:
        raise Invalid(
            "occupancy", f"{facts.name} takes at most {_adults(facts.max_adults)} (from 13 years).", attr="rooms"
        )
    if len(room.children) > facts.max_children or room.people > facts.max_people:
        raise Invalid(
            "occupancy",
            f"{facts.name} takes at most {_children(facts.max_children)}, {facts.max_people} people in all, "
            "a sharing caregiver included.",
            attr="rooms",
        )
    if room.children and not room.caregiver:
        raise Invalid("caregiver_required", "With children a caregiver is needed.", attr="rooms")
    if room.caregiver and not room.children:
        raise Invalid("caregiver_without_child", "A caregiver comes with children only.", attr="rooms")


def check(request: StayRequest, card: RateCard, *, today: date) -> ProgramFacts:
    """All rules for the whole wish. Raises Invalid with the field in `attr`; unknown names are Invalid("unknown_…")."""
    check_dates(request.nights, today=today, horizon_days=card.horizon_days)
    program = card.programs.get(request.program)
    if program is None:
        raise Invalid("unknown_program", "There is no such program.", attr="program")
    check_length(request.nights, program, min_nights=card.min_nights)
    if not 1 <= len(request.rooms) <= MAX_ROOMS:
        raise Invalid("room_count", f"Book between 1 and {MAX_ROOMS} rooms.", attr="rooms")
    for room in request.rooms:
        if room.room_type not in card.types:
            raise Invalid("unknown_room_type", "There is no such room type.", attr="rooms")
        check_room(room, card.types[room.room_type])
    for extra in request.extras:
        if extra.code not in card.extras:
            raise Invalid("unknown_extra", "There is no such extra.", attr="add_ons")
        if not 1 <= extra.quantity <= card.extras[extra.code].max_quantity:
            most = card.extras[extra.code].max_quantity
            raise Invalid("extra_quantity", f"Choose between 1 and {most} of this extra.", attr="add_ons")
    if len({extra.code for extra in request.extras}) != len(request.extras):
        raise Invalid("extra_twice", "Name each extra once, with its quantity.", attr="add_ons")
    if request.coupon:
        raise Invalid("unknown_coupon", "This coupon is not valid for these dates.", attr="coupon")
    return program
