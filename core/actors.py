"""Who acts. Every verb that changes something takes an Actor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Actor:
    """`kind` is guest, staff, doctor, gateway or system; `user_id` is empty for the last two and for a signed link."""

    kind: str
    user_id: int | None = None
    name: str = ""

    @classmethod
    def of(cls, user: Any, kind: str | None = None) -> Actor:
        """The actor that a signed-in user is."""
        return cls(kind or ("staff" if user.is_staff else "guest"), user.pk, user.get_full_name() or user.email)


SYSTEM = Actor("system", name="Pema")
GUEST_LINK = Actor("guest", name="Guest by signed link")
