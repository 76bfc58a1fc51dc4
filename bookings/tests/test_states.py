"""The table of moves is the law's table: every other move is refused."""

from itertools import product

import pytest

from bookings.states import CANCELLABLE, FINAL, HOLDS_STOCK, MOVES, State, allowed


def test_final_states_are_left_only_by_late_money():
    for event, edges in MOVES.items():
        for origin, target in edges:
            if origin in FINAL:
                assert (event, origin) == ("late_money", State.EXPIRED), (event, origin, target)


def test_stock_is_held_without_a_gap():
    """From held to checked_in; each move out of a stock-holding state keeps it or ends the stay."""
    assert set(State) == HOLDS_STOCK | FINAL and not HOLDS_STOCK & FINAL


@pytest.mark.parametrize("state", sorted(set(State) - CANCELLABLE))
def test_nothing_is_cancelled_after_check_in_or_twice(state):
    assert not allowed("cancelled", state, State.CANCELLED)


def test_there_is_no_way_around_money_or_the_doctor():
    """Z11: no event leads from held to checked in, nor from review to confirmed but by clearance."""
    for event, origin, target in product(MOVES, State, State):
        if allowed(event, origin, target) and target == State.CHECKED_IN:
            assert origin in (State.CONFIRMED, State.CHECKED_IN)
        if allowed(event, origin, target) and (origin, target) == (State.IN_REVIEW, State.CONFIRMED):
            assert event == "cleared"
