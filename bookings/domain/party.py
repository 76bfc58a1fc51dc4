"""Guests named by their companion: name, age and kind come from what the guest has written down once."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from accounts.domain import companions
from accounts.domain.companions import age_on
from accounts.models import Companion, User
from bookings.domain.placing import Person
from bookings.domain.request import CHILD_MAX_AGE
from bookings.models import Guest
from core.errors import Missing


def person_of(companion_id: UUID, *, user: Any, arrival: date, room: int, kind: str = "") -> Person:
    """The guest that a companion of `user` is on the day of arrival. Raises Missing("unknown_companion")."""
    if not isinstance(user, User):
        raise Missing("unknown_companion", "There is no such companion.")
    found = companions.find(user, companion_id)
    age = age_on(found.birth_date, arrival)
    return Person(found.name, room, age, kind or _kind(found, age))


def _kind(companion: Companion, age: int | None) -> str:
    if companion.relation == Companion.Relation.CAREGIVER:
        return str(Guest.Kind.CAREGIVER)
    young = age is not None and age <= CHILD_MAX_AGE
    return str(Guest.Kind.CHILD if young else Guest.Kind.ADULT)
