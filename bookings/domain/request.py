"""What a guest asks for: dates, people, program, rooms, extras. Plain values that travel inside a signed quote."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from core.nights import Nights

CHILD_MAX_AGE = 12  # 13 to 17 count as adults (domain.md §3)


@dataclass(frozen=True, slots=True)
class RoomRequest:
    """One room. `caregiver` is "", "sharing" or "own_room"; `children_ages` are whole years at arrival."""

    room_type: str
    adults: int
    children_ages: tuple[int, ...] = ()
    caregiver: str = ""

    @property
    def grown(self) -> int:
        """Adults, and young people of 13 to 17 who count as adults."""
        return self.adults + sum(age > CHILD_MAX_AGE for age in self.children_ages)

    @property
    def children(self) -> tuple[int, ...]:
        return tuple(age for age in self.children_ages if age <= CHILD_MAX_AGE)

    @property
    def people(self) -> int:
        return self.grown + len(self.children) + (self.caregiver == "sharing")


@dataclass(frozen=True, slots=True)
class ExtraRequest:
    code: str
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class StayRequest:
    """The whole wish."""

    program: str
    nights: Nights
    rooms: tuple[RoomRequest, ...]
    extras: tuple[ExtraRequest, ...] = ()
    coupon: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain JSON for the signed quote and the booking's snapshot."""
        return {
            "program": self.program,
            "check_in": self.nights.check_in.isoformat(),
            "check_out": self.nights.check_out.isoformat(),
            "rooms": [asdict(room) for room in self.rooms],
            "extras": [asdict(extra) for extra in self.extras],
            "coupon": self.coupon,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> StayRequest:
        return cls(
            program=data["program"],
            nights=Nights(date.fromisoformat(data["check_in"]), date.fromisoformat(data["check_out"])),
            rooms=tuple(
                RoomRequest(r["room_type"], r["adults"], tuple(r["children_ages"]), r["caregiver"])
                for r in data["rooms"]
            ),
            extras=tuple(ExtraRequest(e["code"], e["quantity"]) for e in data["extras"]),
            coupon=data.get("coupon", ""),
        )
