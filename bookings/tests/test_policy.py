"""The cancellation ladder and the payment plan."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.domain import policy, schedule
from bookings.domain.ratecard import PolicyFacts
from bookings.tests.cards import DEPOSIT, FULL, LADDER

ARRIVAL = date(2027, 5, 20)


@pytest.mark.parametrize(("days", "percent"), [(60, 100), (8, 100), (7, 50), (3, 50), (2, 0), (0, 0), (-1, 0)])
def test_more_than_seven_days_all_three_to_seven_half_less_nothing(days, percent):
    """R9: the boundary is a property-local date."""
    found = policy.refund_due(LADDER, paid=D("50000.01"), check_in=ARRIVAL, today=ARRIVAL - timedelta(days))
    assert found == {100: D("50000.01"), 50: D("25000.01"), 0: D("0.00")}[percent]


def test_rows_are_dated_and_leave_out_what_has_passed():
    found = policy.rows(LADDER, paid=D(50000), check_in=ARRIVAL, today=ARRIVAL - timedelta(5))
    assert [(row.until, row.percent, row.amount) for row in found] == [
        (date(2027, 5, 17), 50, D(25000)),
        (date(2027, 5, 20), 0, D(0)),
    ]


@given(st.decimals(0, 10**8, places=2), st.integers(-5, 400))
def test_rows_and_refund_say_the_same(paid, days):
    """The guest is shown what she gets."""
    today = ARRIVAL - timedelta(days)
    rows = policy.rows(LADDER, paid=paid, check_in=ARRIVAL, today=today)
    due = policy.refund_due(LADDER, paid=paid, check_in=ARRIVAL, today=today)
    assert due == (rows[0].amount if rows else 0) and 0 <= due <= paid


def test_the_narrowest_policy_in_force_and_its_newest_version():
    def made(number, version, program=None, room_type=None, since=date(2026, 1, 1)):
        return PolicyFacts(number, "P", version, program, room_type, since, LADDER)

    house, newer, later = made(1, 1), made(2, 2), made(3, 3, since=date(2027, 6, 1))
    room, program = made(4, 1, room_type=7), made(5, 1, program=9)
    every = (house, newer, later, room, program)
    chosen = [policy.choose(every, program_id=p, room_type_id=r, today=ARRIVAL).id for p, r in [(1, 1), (1, 7), (9, 7)]]
    assert chosen == [2, 4, 5]


@pytest.mark.parametrize(
    ("plan", "total", "steps"),
    [
        (DEPOSIT, "581000", [("deposit", "50000"), ("half", "240500"), ("balance", "290500")]),
        (DEPOSIT, "90000", [("deposit", "50000"), ("balance", "40000")]),
        (DEPOSIT, "100000", [("deposit", "50000"), ("balance", "50000")]),
        (DEPOSIT, "50000", [("full", "50000")]),
        (FULL, "581000", [("full", "581000")]),
    ],
)
def test_payment_plans(plan, total, steps):
    """A deposit above half skips the middle step; one above all is all."""
    found = schedule.steps(plan, total=D(total), check_in=ARRIVAL)
    assert [(s.milestone, s.amount) for s in found] == [(name, D(amount)) for name, amount in steps]


@pytest.mark.parametrize(("approved", "due"), [(30, 23), (12, 5), (10, 3), (6, 3), (3, 2), (1, 0), (0, 0)])
def test_the_middle_payment_is_due_in_time(approved, due):
    """Within 7 days and 3 before arrival; at least a day to pay; never after arrival."""
    found = schedule.middle_due(DEPOSIT, approved_on=ARRIVAL - timedelta(approved), check_in=ARRIVAL)
    assert (ARRIVAL - found).days == due
