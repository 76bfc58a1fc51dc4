"""The signature of the house: one brass line that walks the days of a stay from arrival to departure. Pure geometry."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin

HEIGHT = 56
TALL = 84  # across a whole page the hills may be higher
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
    height: int
    walked: str
    ahead: str
    days: list[Day]
    arrival: Day
    departure: Day
    today: Day | None


def stay_path(nights: int, at: int | None = None, *, wide: bool = False) -> StayPath:
    """The line for `nights` (1 or more). `at` is how many nights have passed; None: the stay has not begun.

    Before the stay the whole line is drawn; during it the walked part is solid and the rest is dotted.
    """
    nights = max(1, int(nights))
    here = None if at is None else min(max(int(at), 0), nights)
    walked_share = 1.0 if here is None else here / nights
    hills = Hills(960, TALL) if wide else Hills(320, HEIGHT)

    def day(number: int) -> Day:
        share = number / nights
        return Day(number, hills.x(share), hills.y(share), past=here is not None and number < here)

    every = 1 if nights <= MOST_DOTS else 7
    return StayPath(
        width=hills.width,
        height=hills.height,
        walked=hills.curve(0.0, walked_share) if walked_share > 0 else "",
        ahead=hills.curve(walked_share, 1.0) if walked_share < 1 else "",
        days=[day(n) for n in range(every, nights, every) if n != here],
        arrival=day(0),
        departure=day(nights),
        today=day(here) if here is not None and 0 < here < nights else None,
    )


@dataclass(frozen=True)
class Hills:
    """Two low hills: up from the shore, over a saddle, and down to rest a little higher than the line began."""

    width: int
    height: int

    def x(self, share: float) -> float:
        return round(MARGIN + share * (self.width - 2 * MARGIN), 1)

    def y(self, share: float) -> float:
        rise = 0.08 * share + 0.30 * sin(pi * share) + 0.17 * sin(3 * pi * share)
        return round(self.height * (0.8 - rise), 1)

    def slope(self, share: float) -> float:
        return -self.height * (0.08 + 0.30 * pi * cos(pi * share) + 0.51 * pi * cos(3 * pi * share))

    def curve(self, start: float, end: float) -> str:
        pieces = max(2, round((end - start) * 12))
        step = (end - start) / pieces
        path = f"M{self.x(start):g} {self.y(start):g}"
        for piece in range(pieces):
            a, b = start + piece * step, start + (piece + 1) * step
            third = step / 3
            path += (
                f"C{self.x(a + third):g} {self.y(a) + self.slope(a) * third:.1f} "
                f"{self.x(b - third):g} {self.y(b) - self.slope(b) * third:.1f} {self.x(b):g} {self.y(b):g}"
            )
        return path
