"""Fields that our serializers share."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

DATE = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?)?")


def stay_date(text: Any) -> date | None:
    """A property-local date from `YYYY-MM-DD` or a date-time whose time is ignored; None when it is neither."""
    if not isinstance(text, str) or len(text) > 40 or not DATE.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None


@extend_schema_field({"type": "string", "format": "date", "example": "2027-02-01"})
class StayDateField(serializers.Field):
    """A stay date, property-local. A date-time is accepted and its time part ignored."""

    default_error_messages = {"invalid": "Give a date as YYYY-MM-DD."}

    def to_internal_value(self, data: Any) -> date:
        found = stay_date(data)
        if found is None:
            self.fail("invalid")
        return found  # type: ignore[return-value]

    def to_representation(self, value: date) -> str:
        return value.isoformat()


class MoneyField(serializers.DecimalField):
    """Rupees with two decimals, as text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 12, "decimal_places": 2, **kwargs})
