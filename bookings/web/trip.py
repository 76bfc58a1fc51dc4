"""The wish of a visitor as it travels in the address: dates, people, program, room, caregiver, extras.

Everything before the guest's own details lives in the query, so that back, refresh and two tabs keep their sense.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from bookings.domain.availability import Wish
from bookings.domain.request import ExtraRequest, RoomRequest, StayRequest
from core.nights import Nights

MOST_EXTRAS = 20
LONGEST = 200  # of one value; more is never a name of ours
NAMES = ("check_in", "check_out", "adults", "children", "program", "room", "caregiver", "draft")


@dataclass(frozen=True, slots=True)
class Trip:
    """Dates and people are known; the rest may still be open. `draft` names the guest's details in the session."""

    nights: Nights
    adults: int
    ages: tuple[int, ...] = ()
    program: str = ""
    room: str = ""
    caregiver: str = ""
    extras: tuple[ExtraRequest, ...] = ()
    draft: str = ""

    @property
    def wish(self) -> Wish:
        return Wish(self.adults, self.ages, self.caregiver, self.program)

    @property
    def request(self) -> StayRequest:
        room = RoomRequest(self.room, self.adults, self.ages, self.caregiver)
        return StayRequest(self.program, self.nights, (room,), self.extras)

    @property
    def young(self) -> tuple[int, ...]:
        """The children who need a caregiver."""
        return RoomRequest(self.room, self.adults, self.ages).children

    def but(self, **changes: Any) -> Trip:
        return replace(self, **changes)

    def query(self, **changes: Any) -> str:
        """The address after the question mark."""
        trip = self.but(**changes)
        pairs = [
            ("check_in", trip.nights.check_in.isoformat()),
            ("check_out", trip.nights.check_out.isoformat()),
            ("adults", str(trip.adults)),
            ("children", ",".join(str(age) for age in trip.ages)),
            ("program", trip.program),
            ("room", trip.room),
            ("caregiver", trip.caregiver),
            *(("extra", f"{extra.code}:{extra.quantity}") for extra in trip.extras),
            ("draft", trip.draft),
        ]
        return urlencode([(name, value) for name, value in pairs if value])

    def quantity(self, code: str) -> int:
        return next((extra.quantity for extra in self.extras if extra.code == code), 0)

    def with_extra(self, code: str, quantity: int) -> Trip:
        kept = [extra for extra in self.extras if extra.code != code]
        return self.but(extras=(*kept, ExtraRequest(code, quantity)) if quantity > 0 else tuple(kept))


def asked(query: QueryDict) -> dict[str, str]:
    """What the address says, cut to lengths that can mean something."""
    return {name: query[name][:LONGEST].replace("\x00", "") for name in NAMES if name in query}


def extras_of(query: QueryDict, known: dict[str, Any]) -> tuple[ExtraRequest, ...]:
    """The extras in the address that we sell, each once; nonsense is left out, quantities are kept in bounds."""
    found: dict[str, ExtraRequest] = {}
    for value in query.getlist("extra")[:MOST_EXTRAS]:
        code, _, count = value[:LONGEST].partition(":")
        if code in known:
            quantity = int(count) if count.isascii() and count.isdigit() and len(count) < 4 else 1
            found[code] = ExtraRequest(code, min(max(quantity, 1), known[code].max_quantity))
    return tuple(found.values())
