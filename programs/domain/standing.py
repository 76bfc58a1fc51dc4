"""Stars and demand of programs and room types: one row each, moved by what happens, never counted by a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import F

from programs.models import Program, Standing
from rooms.models import RoomType

TENTH = Decimal("0.1")
Thing = Program | RoomType


@dataclass(frozen=True, slots=True)
class Rating:
    """What published reviews say: the mean to one decimal (None without any), and how many there are."""

    average: Decimal | None
    count: int


def rating(reviews: int, stars: int) -> Rating:
    """The mean of `stars` over `reviews`, half up."""
    if not reviews:
        return Rating(None, 0)
    return Rating((Decimal(stars) / reviews).quantize(TENTH, ROUND_HALF_UP), reviews)


def move(thing: Thing, *, reviews: int, stars: int) -> None:
    """Add to the counters of `thing`, in the transaction that publishes or withdraws; the row lock puts it in turn."""
    key = _key(thing)
    Standing.objects.get_or_create(**key)
    Standing.objects.filter(**key).update(reviews=F("reviews") + reviews, stars=F("stars") + stars)


def write(thing: Thing, *, reviews: int, stars: int) -> None:
    """Write the counters of `thing` as counted anew."""
    Standing.objects.update_or_create(defaults={"reviews": reviews, "stars": stars}, **_key(thing))


def demand(programs: Mapping[int, int], room_types: Mapping[int, int], *, at: datetime) -> None:
    """Write how often each program and room type (primary key -> stays) was booked of late; the others become 0."""
    for name, counted in (("program_id", programs), ("room_type_id", room_types)):
        rows = Standing.objects.filter(**{f"{name}__isnull": False})
        known = set(rows.values_list(name, flat=True))
        Standing.objects.bulk_create(
            [Standing(**{name: pk}) for pk in counted if pk not in known], ignore_conflicts=True
        )
        rows.exclude(**{f"{name}__in": list(counted)}).update(recent_stays=0, counted_at=at)
        for pk, stays in counted.items():
            Standing.objects.filter(**{name: pk}).update(recent_stays=stays, counted_at=at)


def _key(thing: Thing) -> dict[str, Any]:
    return {"program_id": thing.pk} if isinstance(thing, Program) else {"room_type_id": thing.pk}
