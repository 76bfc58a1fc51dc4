"""Half-open nights."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from core.nights import Nights, local_date

D = date(2027, 2, 27)


def test_departure_day_is_free_for_the_next_arrival():
    """B4: checkout on the 13th, check-in on the 13th."""
    first, second = Nights(D, D + timedelta(3)), Nights(D + timedelta(3), D + timedelta(6))
    assert not first.overlaps(second) and not second.overlaps(first)
    assert list(first) == [D, D + timedelta(1), D + timedelta(2)]
    assert first.check_out not in first


@pytest.mark.parametrize("out", [D, D - timedelta(1)])
def test_no_night_no_stay(out):
    """B5."""
    with pytest.raises(Invalid, match="after the arrival"):
        Nights(D, out)


@given(st.dates(max_value=date(9000, 1, 1)), st.integers(1, 90))
def test_as_many_nights_as_days_between(start, length):
    """T2: leap days, year ends."""
    nights = Nights(start, start + timedelta(length))
    assert len(nights) == len(list(nights)) == length


def test_today_is_the_propertys_today():
    """T1: at 19:00 UTC it is tomorrow in India."""
    assert local_date(datetime(2027, 1, 1, 18, 29, tzinfo=UTC), "Asia/Kolkata") == date(2027, 1, 1)
    assert local_date(datetime(2027, 1, 1, 18, 30, tzinfo=UTC), "Asia/Kolkata") == date(2027, 1, 2)
