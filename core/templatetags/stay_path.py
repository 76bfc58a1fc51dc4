"""The signature of the house: one brass line that walks the days of a stay from arrival to departure. Pure geometry."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin

HEIGHT = 48
MARGIN = 10
MOST_DOTS = 14  # beyond two weeks only the weeks are marked


@dataclass(frozen=True)
class Day:
    number: int
    x: float
    y: float
    past: bool


@dataclass(frozen=True)
class StayPath:
    width: int
    walked: str
    ahead: str
    days: list[Day]
    arrival: Day
    departure: Day
    today: Day | None


def stay_path(nights: int, at: int | None = None, *, width: int = 320) -> StayPath:
    """The line for `nights` (1 or more). `at` is how many nights have passed; None: the stay has not begun.

    Before the stay the whole line is drawn; during it the walked part is solid and the rest is dotted.
    """
    nights = max(1, int(nights))
    here = None if at is None else min(max(int(at), 0), nights)
    walked_share = 1.0 if here is None else here / nights

    def day(number: int) -> Day:
        share = number / nights
        return Day(number, _x(share, width), _y(share), past=here is not None and number < here)

    every = 1 if nights <= MOST_DOTS else 7
    return StayPath(
        width=width,
        walked=_curve(0.0, walked_share, width) if walked_share > 0 else "",
        ahead=_curve(walked_share, 1.0, width) if walked_share < 1 else "",
        days=[day(n) for n in range(every, nights, every) if n != here],
        arrival=day(0),
        departure=day(nights),
        today=day(here) if here is not None and 0 < here < nights else None,
    )


def _x(share: float, width: int) -> float:
    return round(MARGIN + share * (width - 2 * MARGIN), 1)


def _y(share: float) -> float:
    """Two low hills: up from the shore, over a saddle, and down to rest a little higher than it began."""
    return round(HEIGHT - 13 - 6 * share - 13 * sin(pi * share) - 5 * sin(3 * pi * share), 1)


def _slope(share: float) -> float:
    return -6 - 13 * pi * cos(pi * share) - 15 * pi * cos(3 * pi * share)


def _curve(start: float, end: float, width: int) -> str:
    pieces = max(2, round((end - start) * 12))
    step = (end - start) / pieces
    path = f"M{_x(start, width):g} {_y(start):g}"
    for piece in range(pieces):
        a, b = start + piece * step, start + (piece + 1) * step
        third = step / 3
        path += (
            f"C{_x(a + third, width):g} {_y(a) + _slope(a) * third:.1f} "
            f"{_x(b - third, width):g} {_y(b) - _slope(b) * third:.1f} {_x(b, width):g} {_y(b):g}"
        )
    return path
