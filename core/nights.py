"""Nights of a stay: property-local dates, half open `[check_in, check_out)`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.errors import Invalid


@dataclass(frozen=True, slots=True)
class Nights:
    """The nights from `check_in` up to, and without, `check_out`."""

    check_in: date
    check_out: date

    def __post_init__(self) -> None:
        if self.check_out <= self.check_in:
            raise Invalid("dates_reversed", "The departure must be after the arrival.", attr="check_out_date")

    def __len__(self) -> int:
        return (self.check_out - self.check_in).days

    def __iter__(self) -> Iterator[date]:
        night = self.check_in
        while night < self.check_out:
            yield night
            night += timedelta(days=1)

    def __contains__(self, night: date) -> bool:
        return self.check_in <= night < self.check_out

    def overlaps(self, other: Nights) -> bool:
        """True when at least one night is in both; a check-out day is free for the next arrival."""
        return self.check_in < other.check_out and other.check_in < self.check_out


def local_date(at: datetime, zone: str) -> date:
    """The property-local date of an instant."""
    return at.astimezone(ZoneInfo(zone)).date()
