"""Family and friends of a guest, written once and reused in bookings."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.domain.birth import check_birth_date
from accounts.models import Companion, User
from core.errors import Conflict, Invalid, Missing

MOST = 20
FIELDS = frozenset({"name", "birth_date", "relation", "diet"})


def of(user: User) -> QuerySet[Companion]:
    """The companions of one person, by name."""
    return Companion.objects.filter(user=user)


def find(user: User, public_id: uuid.UUID) -> Companion:
    """One of one's own. Raises Missing("unknown_companion"), for somebody else's too."""
    found = of(user).filter(public_id=public_id).first()
    if found is None:
        raise Missing("unknown_companion", "There is no such companion.")
    return found


def add(user: User, *, at: datetime, today: date, **said: Any) -> Companion:
    """Write somebody down. Raises Invalid (`_checked`), Conflict("too_many_companions") beyond 20."""
    fields = _checked(said, today=today)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if of(user).count() >= MOST:
            raise Conflict("too_many_companions", f"At most {MOST} people can be kept here.")
        return Companion.objects.create(user=user, created_at=at, **fields)


def change(companion: Companion, *, today: date, **said: Any) -> Companion:
    """Put something right. Raises Invalid as `add` does."""
    fields = _checked(said, today=today)
    for name, value in fields.items():
        setattr(companion, name, value)
    if fields:
        companion.save(update_fields=sorted(fields))
    return companion


def remove(companion: Companion) -> None:
    """Forget somebody; stays that were booked keep their guests' names."""
    companion.delete()


def age_on(birth_date: date | None, day: date) -> int | None:
    """Whole years on a day; None without a birth date."""
    if birth_date is None:
        return None
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def _checked(said: dict[str, Any], *, today: date) -> dict[str, Any]:
    unknown = set(said) - FIELDS
    if unknown:
        raise Invalid("unknown_field", f"This cannot be written down: {', '.join(sorted(unknown))}.")
    if "name" in said:
        said["name"] = " ".join(said["name"].split())
        if not said["name"]:
            raise Invalid("no_name", "Write the name.", attr="name")
    check_birth_date(said.get("birth_date"), today=today)
    return said
