"""GST inside an inclusive price (protocols: CBIC FAQ of September 2025; section 15 value per unit and day). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bookings.domain.ratecard import Tax
from core.errors import Invalid
from core.money import half_up


@dataclass(frozen=True, slots=True)
class Split:
    """An inclusive amount taken apart: taxable + cgst + sgst + round_off == amount, to the paisa."""

    taxable: Decimal
    cgst: Decimal
    sgst: Decimal
    round_off: Decimal


def split(gross: Decimal, rate: Decimal) -> Split:
    """Inclusive `gross` in rupees at `rate` percent; half of the tax is central, half the state's."""
    taxable = half_up(gross * 100 / (100 + rate))
    half = half_up(taxable * rate / 200)
    return Split(taxable, half, half, gross - taxable - 2 * half)


def accommodation_rate(unit_day_gross: Decimal, night: date, taxes: tuple[Tax, ...]) -> Decimal:
    """The rate of one unit on one night, judged alone: low while its value before tax is within the threshold.

    Raises Invalid("no_tax_rule") when no rule is dated that early.
    """
    for rule in taxes:  # newest first
        if rule.valid_from <= night:
            value = half_up(unit_day_gross * 100 / (100 + rule.low))
            return rule.low if value <= rule.threshold else rule.high
    raise Invalid("no_tax_rule", "We cannot price this date yet.")
