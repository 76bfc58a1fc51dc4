"""Rupees as Decimal with two places. One rounding (half up), no floats, no nonsense."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from core.errors import Invalid

CURRENCY = "INR"
PAISA = Decimal("0.01")
ZERO = Decimal("0.00")
LIMIT = Decimal("10000000000")  # NUMERIC(12,2)


def money(value: Decimal | int | str) -> Decimal:
    """The amount in rupees, exact to the paisa. Refuses floats, NaN, infinities, fractions of a paisa.

    Raises Invalid("bad_amount").
    """
    if isinstance(value, (float, bool)):
        raise Invalid("bad_amount", "An amount must be exact: give it as text or a decimal number.")
    try:
        amount = Decimal(value)
    except (InvalidOperation, TypeError, ValueError):
        raise Invalid("bad_amount", "This is not an amount.") from None
    if not amount.is_finite() or abs(amount) >= LIMIT:
        raise Invalid("bad_amount", "This amount is out of range.")
    exact = amount.quantize(PAISA)
    if exact != amount:
        raise Invalid("bad_amount", "An amount has at most two decimals.")
    return exact


def half_up(value: Decimal) -> Decimal:
    """The one rounding of the house: two places, half up."""
    return value.quantize(PAISA, rounding=ROUND_HALF_UP)


def percent_of(amount: Decimal, percent: Decimal | int) -> Decimal:
    """`percent` of `amount`, rounded half up."""
    return half_up(amount * Decimal(percent) / 100)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Sum that starts from rupees, not from the integer 0."""
    return sum(amounts, ZERO)


def format_inr(amount: Decimal | int | str, *, paise: bool | None = None) -> str:
    """Indian digits: 125000 -> ₹1,25,000. Paise are shown when there are any, or as `paise` says."""
    exact = half_up(Decimal(amount))
    sign = "-" if exact < 0 else ""
    whole, fraction = f"{abs(exact):.2f}".split(".")
    head, tail = whole[:-3], whole[-3:]
    groups: list[str] = []
    while head:
        groups.insert(0, head[-2:])
        head = head[:-2]
    digits = ",".join([*groups, tail])
    show = fraction != "00" if paise is None else paise
    return f"{sign}₹{digits}.{fraction}" if show else f"{sign}₹{digits}"
