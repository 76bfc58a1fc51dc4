"""GST inside an inclusive price: computed vectors."""

from datetime import date
from decimal import Decimal as D

import pytest

from bookings.domain.ratecard import Tax
from bookings.domain.tax import accommodation_rate, split
from core.errors import Invalid

RULES = (Tax(date(2025, 9, 22), D(7500), D(5), D(18)),)
DAY = date(2027, 1, 1)


@pytest.mark.parametrize(
    ("gross", "rate", "taxable", "half", "round_off"),
    [
        ("50000.00", 18, "42372.88", "3813.56", "0.00"),
        ("50000.00", 5, "47619.05", "1190.48", "-0.01"),
        ("10500.00", 5, "10000.00", "250.00", "0.00"),
        ("9999.99", 18, "8474.57", "762.71", "0.00"),
    ],
)
def test_inclusive_split(gross, rate, taxable, half, round_off):
    found = split(D(gross), D(rate))
    assert (found.taxable, found.cgst, found.sgst, found.round_off) == (D(taxable), D(half), D(half), D(round_off))


@pytest.mark.parametrize(
    ("gross", "rate"), [("7875.00", 5), ("7875.01", 18), ("8850.01", 18), ("100.00", 5), ("83000", 18)]
)
def test_the_slab_goes_by_the_value_before_tax(gross, rate):
    """7,500.00 is still 5 %, a paisa more is 18 %."""
    assert accommodation_rate(D(gross), DAY, RULES) == rate


def test_a_night_before_all_rules_has_no_rate():
    with pytest.raises(Invalid):
        accommodation_rate(D(100), date(2025, 9, 21), RULES)
