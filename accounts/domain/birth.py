"""Birth dates: never in the future, never longer ago than anybody lives."""

from __future__ import annotations

from datetime import date

from core.errors import Invalid

OLDEST = 120  # years


def check_birth_date(day: date | None, *, today: date) -> None:
    """Raises Invalid("birth_date_ahead" | "birth_date_too_old") for a date on which nobody of today was born."""
    if day is None:
        return
    if day > today:
        raise Invalid("birth_date_ahead", "A birth date cannot lie in the future.", attr="birth_date")
    if day.year < today.year - OLDEST:
        raise Invalid("birth_date_too_old", "This is too long ago. Please look at the year.", attr="birth_date")
