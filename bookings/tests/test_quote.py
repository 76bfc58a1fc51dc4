"""The price: one pure function."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bookings.domain.quote import find_band, quote
from bookings.domain.ratecard import Tax
from bookings.domain.request import ExtraRequest, RoomRequest, StayRequest
from bookings.tests.cards import AT, band, card
from core.errors import Invalid
from core.nights import Nights

ARRIVAL = date(2027, 2, 1)


def wish(n=7, *rooms, program="detox", extras=(), start=ARRIVAL, coupon=""):
    return StayRequest(
        program, Nights(start, start + timedelta(n)), rooms or (RoomRequest("standard", 2),), tuple(extras), coupon
    )


def test_the_contracts_own_example():
    """The estimate of the API contract, to the paisa."""
    priced = quote(wish(7, RoomRequest("standard", 2)), card(), at=AT)
    (line,) = priced.lines
    assert (line.quantity, line.unit_amount, line.amount) == (7, Decimal(83000), Decimal("581000.00"))
    assert (line.split.taxable, line.split.cgst, line.split.sgst) == (
        Decimal("492372.88"),
        Decimal("44313.56"),
        Decimal("44313.56"),
    )
    assert line.description == "Standard, 7 nights, 2 adults"
    assert "Wellness 3-7 nights" in line.why and "GST 18 %" in line.why
    assert [(s.milestone, s.amount) for s in priced.schedule] == [
        ("deposit", Decimal(50000)),
        ("half", Decimal("240500.00")),
        ("balance", Decimal("290500.00")),
    ]
    assert [(row.until, row.percent) for row in priced.cancellation()] == [
        (date(2027, 1, 24), 100),
        (date(2027, 1, 29), 50),
        (date(2027, 2, 1), 0),
    ]


@pytest.mark.parametrize(
    ("n", "adults", "total"), [(7, 1, 47000 * 7), (8, 1, 45000 * 8), (8, 2, 79000 * 8), (5, 2, 83000 * 5)]
)
def test_nights_range_and_occupancy(n, adults, total):
    assert quote(wish(n, RoomRequest("standard", adults)), card(), at=AT).total == total


def test_children_and_caregiver():
    """0-4 free, 5-12 ₹7,000, caregiver sharing ₹8,000; 13-17 count as adults."""
    priced = quote(wish(7, RoomRequest("standard", 1, (7, 3), "sharing")), card(), at=AT)
    assert priced.total == (47000 + 7000 + 8000) * 7
    own = quote(wish(7, RoomRequest("standard", 2, (7, 7), "own_room")), card(), at=AT)
    assert own.total == (83000 + 2 * 7000 + 20000) * 7
    teenager = quote(wish(7, RoomRequest("standard", 1, (13,))), card(), at=AT)
    assert teenager.total == 83000 * 7


@pytest.mark.parametrize(
    ("room", "code"),
    [
        (RoomRequest("standard", 0), "no_adult"),
        (RoomRequest("standard", 3), "occupancy"),
        (RoomRequest("standard", 2, (13,)), "occupancy"),
        (RoomRequest("standard", 1, (7,)), "caregiver_required"),
        (RoomRequest("standard", 1, (), "sharing"), "caregiver_without_child"),
        (RoomRequest("standard", 2, (7, 8), "sharing"), "occupancy"),
        (RoomRequest("standard", 1, (7, 8, 9), "sharing"), "occupancy"),
        (RoomRequest("palace", 1), "unknown_room_type"),
    ],
)
def test_people_who_do_not_fit(room, code):
    """B14: occupancy 2+2, at most 4 with a sharing caregiver."""
    with pytest.raises(Invalid) as refusal:
        quote(wish(7, room), card(), at=AT)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("start", "n", "code"),
    [
        (date(2026, 12, 31), 7, "past_date"),
        (date(2027, 1, 1), 7, None),
        (date(2028, 1, 1), 7, None),
        (date(2028, 1, 2), 7, "beyond_horizon"),
        (ARRIVAL, 4, "min_stay"),
        (ARRIVAL, 5, None),
        (ARRIVAL, 21, None),
        (ARRIVAL, 22, "max_stay"),
        (ARRIVAL, 100_000, "too_long"),
    ],
)
def test_boundaries_of_a_stay(start, n, code):
    """B14, D1: horizon 365 days, minimum and maximum nights, on the very edge."""
    if code is None:
        assert quote(wish(n, start=start), card(), at=AT).total > 0
    else:
        with pytest.raises(Invalid) as refusal:
            quote(wish(n, start=start), card(), at=AT)
        assert refusal.value.code == code


def test_two_seasons_are_priced_night_by_night():
    winter = band(9, 60000, 100000, room_type_id=1, season_from=date(2027, 2, 4), priority=1, label="Winter")
    priced = quote(wish(7), card(bands=(*card().bands, winter)), at=AT)
    assert priced.total == 3 * 83000 + 4 * 100000
    assert [line.quantity for line in priced.lines] == [3, 4]
    assert "Winter" in priced.lines[1].why


def test_the_narrowest_band_wins_then_priority_then_the_newest():
    bands = [
        band(1, 1, 1),
        band(2, 2, 2, room_type_id=1),
        band(3, 3, 3, program_id=1),
        band(4, 4, 4, program_id=1, room_type_id=1),
        band(5, 5, 5, program_id=1, room_type_id=1, priority=1),
        band(6, 6, 6, program_id=1, room_type_id=1, priority=1, created_at=AT + timedelta(1)),
    ]
    for upto in range(1, 7):
        chosen = find_band(card(bands=tuple(bands[:upto])), program_id=1, room_type_id=1, night=ARRIVAL, length=7)
        assert chosen.id == upto


def test_without_a_band_there_is_no_price():
    with pytest.raises(Invalid) as refusal:
        quote(wish(7), card(bands=()), at=AT)
    assert refusal.value.code == "no_price"


def test_extras_multiply_by_their_basis():
    extras = [ExtraRequest("airport-transfer", 2), ExtraRequest("massage", 1)]
    priced = quote(wish(7, extras=extras), card(), at=AT)
    assert priced.total == 581000 + 7000 + 2000 * 2 * 7
    assert [line.gst_rate for line in priced.lines] == [18, 18, 5]


@pytest.mark.parametrize(
    ("extras", "code"),
    [
        ([ExtraRequest("rocket")], "unknown_extra"),
        ([ExtraRequest("massage", 3)], "extra_quantity"),
        ([ExtraRequest("massage", 0)], "extra_quantity"),
        ([ExtraRequest("massage"), ExtraRequest("massage")], "extra_twice"),
    ],
)
def test_extras_that_cannot_be_had(extras, code):
    with pytest.raises(Invalid) as refusal:
        quote(wish(7, extras=extras), card(), at=AT)
    assert refusal.value.code == code


def test_each_night_is_taxed_alone_by_its_value_and_date():
    cheap = band(9, 7875, 7875, room_type_id=1, season_to=date(2027, 2, 3), priority=1)
    taxes = (Tax(date(2027, 2, 6), Decimal(7500), Decimal(5), Decimal(28)), *card().taxes)
    priced = quote(wish(7, RoomRequest("standard", 1)), card(bands=(*card().bands, cheap), taxes=taxes), at=AT)
    assert [(line.quantity, line.gst_rate) for line in priced.lines] == [(3, 5), (2, 18), (2, 28)]


def test_a_suite_asks_for_everything_and_mixed_rooms_follow_the_stricter():
    priced = quote(wish(7, RoomRequest("standard", 1), RoomRequest("pema-suite", 2)), card(), at=AT)
    assert [(s.milestone, s.amount) for s in priced.schedule] == [("full", priced.total)]
    assert priced.room_total(0) + priced.room_total(1) == priced.total


@settings(max_examples=300, deadline=None)
@given(
    n=st.integers(5, 21),
    single=st.decimals(1, 400000, places=2),
    more=st.decimals(0, 200000, places=2),
    child=st.decimals(0, 20000, places=2),
    adults=st.integers(1, 2),
    ages=st.lists(st.integers(0, 12), max_size=2),
)
def test_lines_add_up_to_the_paisa(n, single, more, child, adults, ages):
    """P20: Σ lines = total, Σ steps = total, taxable + taxes + round-off = amount."""
    bands = (replace(band(1, 1, 1), single=single, double=single + more),)
    children = tuple(replace(c, amount=child) for c in card().children)
    caregiver = "own_room" if ages else ""
    room = RoomRequest("standard", adults, tuple(ages), caregiver)
    priced = quote(wish(n, room), card(bands=bands, children=children), at=AT)
    assert sum(line.amount for line in priced.lines) == priced.total
    assert sum(step.amount for step in priced.schedule) == priced.total
    assert priced.subtotal + priced.tax == priced.total
    for line in priced.lines:
        assert line.unit_amount * line.quantity == line.amount
        assert line.split.taxable + line.split.cgst + line.split.sgst + line.split.round_off == line.amount
        assert abs(line.split.round_off) <= Decimal("0.01")
