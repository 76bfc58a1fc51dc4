"""Telephone numbers: one way to write them in the tables (E.164), one to show them. India where no country is given."""

from __future__ import annotations

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from core.errors import Invalid

HOME = "IN"


def e164(text: str, *, attr: str = "phone") -> str:
    """`98765 43210` -> `+919876543210`. Raises Invalid("bad_phone") on the field `attr` for what is no number."""
    number = _parsed(text)
    if number is None:
        raise Invalid("bad_phone", "Write the number with its country code, such as +91 98765 43210.", attr=attr)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def kept(text: str) -> str:
    """As `e164`, but what is no number stays as it was written: whoever takes it down, a typing slip is no refusal."""
    number = _parsed(text)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if number else " ".join(text.split())


def shown(text: str) -> str:
    """`+919876543210` -> `+91 98765 43210`; what is no number stays as it was written."""
    number = _parsed(text)
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL) if number else text


def _parsed(text: str) -> PhoneNumber | None:
    try:
        number = phonenumbers.parse(text[:40], HOME)
    except NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None
