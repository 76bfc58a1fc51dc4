"""Card numbers do not belong into free text: whatever looks like one is masked before it is kept.

A run of 13 to 19 digits (spaces, dots and dashes between them do not matter) that passes Luhn's check and begins like a
card keeps its last four digits. A telephone number, a reference or an amount passes untouched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

RUN = re.compile(r"(?<![\w+])\d(?:[ .\-\u00a0\u2013]?\d){12,18}(?!\w)", re.ASCII)
CVV = re.compile(r"\b(cvv2?|cvc2?|security code)\b(\W{0,3}(?:is\W{0,3})?)\d{3,4}\b", re.IGNORECASE)
SQL_RUN = r"[0-9]([ .–-]?[0-9]){12,18}"  # for a first look inside PostgreSQL
FIRST = frozenset("23456")  # Mastercard, Amex and Diners, Visa, Mastercard, RuPay and Discover


def mask_cards(text: str) -> str:
    """The text with every card number and card code masked: `4111 1111 1111 1111` -> `•••• 1111`."""
    masked = RUN.sub(lambda found: _mask(found.group()), text)
    return CVV.sub(r"\1\2•••", masked)


def masked(value: Any) -> Any:
    """The same for every text inside lists and dictionaries (answers of a form)."""
    if isinstance(value, str):
        return mask_cards(value)
    if isinstance(value, dict):
        return {key: masked(one) for key, one in value.items()}
    if isinstance(value, list):
        return [masked(one) for one in value]
    return value


def cards_in(text: str) -> Iterator[str]:
    """The card numbers in a text, digits only."""
    for found in RUN.finditer(text):
        digits = _digits(found.group())
        if is_card(digits):
            yield digits


def is_card(digits: str) -> bool:
    """13 to 19 digits that begin like a card and pass Luhn's check."""
    return 13 <= len(digits) <= 19 and digits[0] in FIRST and len(set(digits)) > 1 and _luhn(digits)


def _mask(run: str) -> str:
    digits = _digits(run)
    return f"•••• {digits[-4:]}" if is_card(digits) else run


def _digits(run: str) -> str:
    return "".join(sign for sign in run if sign.isdigit())


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit)
        if place % 2:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return total % 10 == 0
