"""Rupees: exact, rounded one way, refusing nonsense."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from core.money import format_inr, half_up, money, percent_of


@pytest.mark.parametrize(
    "bad", [1.5, True, "NaN", "Infinity", "1e10", "0.001", "₹50,000", "", "50000.004", None, "-1e11"]
)
def test_nonsense_is_no_amount(bad):
    """P19: floats, NaN, too many decimals, out of range, text."""
    with pytest.raises(Invalid):
        money(bad)


@pytest.mark.parametrize(
    ("given_", "expected"), [("50000", "50000.00"), (7, "7.00"), ("-0.01", "-0.01"), ("1e3", "1000.00")]
)
def test_amounts_are_exact(given_, expected):
    assert money(given_) == Decimal(expected)


def test_rounding_is_half_up_not_bankers():
    assert half_up(Decimal("25.005")) == Decimal("25.01")
    assert percent_of(Decimal("0.01"), 50) == Decimal("0.01")


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "₹0"),
        (999, "₹999"),
        (1000, "₹1,000"),
        (125000, "₹1,25,000"),
        ("10000000", "₹1,00,00,000"),
        ("-1234.5", "-₹1,234.50"),
    ],
)
def test_indian_digits(amount, text):
    assert format_inr(Decimal(amount)) == text


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_formatting_keeps_every_digit(amount):
    text = format_inr(amount, paise=True)
    assert Decimal(text.replace("₹", "").replace(",", "")) == amount
