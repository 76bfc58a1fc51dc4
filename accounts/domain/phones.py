"""Numbers that one-time codes may go to."""

from __future__ import annotations

import phonenumbers
from django.conf import settings

from core.errors import Invalid
from core.phones import e164


def reachable(text: str, *, attr: str = "phone") -> str:
    """`98765 43210` -> `+919876543210`, when text messages go there.

    The countries are a setting (SMS_COUNTRIES, India unless told otherwise): nobody pumps messages to premium numbers
    abroad. Raises Invalid("bad_phone" | "country_not_served") on the field `attr`.
    """
    number = e164(text, attr=attr)
    parsed = phonenumbers.parse(number)
    if not phonenumbers.is_valid_number(parsed):
        raise Invalid("bad_phone", "Write the number with its country code, such as +91 98765 43210.", attr=attr)
    if phonenumbers.region_code_for_number(parsed) not in settings.SMS_COUNTRIES:
        raise Invalid("country_not_served", "We cannot send codes to this country. Please use e-mail.", attr=attr)
    return number
