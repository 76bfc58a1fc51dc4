"""Saving programs and room types for later. Saving twice is saving once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bookings.models import Favourite
from core.errors import Invalid, Missing
from programs.models import Program
from rooms.models import RoomType

PROGRAM, ROOM_TYPE = "program", "room_type"
KINDS = (PROGRAM, ROOM_TYPE)
MOST = 200  # of one account
Thing = Program | RoomType


def thing(kind: str, slug: str, *, hidden: bool = False) -> Thing:
    """What `kind` and `slug` name; `hidden` finds what is no longer published too.

    `room-type`, as it was called before, is understood as `room_type`.
    Raises Missing("unknown_kind" | "unknown_favourite").
    """
    kind = known(kind)
    if kind not in KINDS:
        raise Missing("unknown_kind", "Only programs and room types can be saved.")
    rows: Any = Program.objects if kind == PROGRAM else RoomType.objects
    rows = rows.filter(slug=slug[:80]) if hidden else rows.filter(slug=slug[:80], published=True)
    found: Thing | None = rows.first()
    if found is None:
        raise Missing("unknown_favourite", "There is nothing of this name.")
    return found


def known(kind: str) -> str:
    """The word for a kind today."""
    return kind.replace("-", "_")


def save(user: Any, wanted: Thing, *, at: datetime) -> Favourite:
    """Keep it in mind for this account; it may be kept already. Raises Invalid("too_many_favourites")."""
    mine = Favourite.objects.filter(user=user)
    kept = mine.filter(**_key(wanted)).first()
    if kept is None and mine.count() >= MOST:
        raise Invalid("too_many_favourites", f"At most {MOST} can be saved.")
    return kept or mine.get_or_create(user=user, **_key(wanted), defaults={"saved_at": at})[0]


def forget(user: Any, wanted: Thing) -> None:
    """No longer; it may be forgotten already."""
    Favourite.objects.filter(user=user, **_key(wanted)).delete()


def merge(user: Any, names: Iterable[tuple[str, str]], *, at: datetime) -> None:
    """Take over what a visitor had saved before signing in; what is gone meanwhile is left out."""
    for kind, slug in names:
        try:
            save(user, thing(kind, slug), at=at)
        except (Missing, Invalid):
            continue


def _key(wanted: Thing) -> dict[str, int]:
    return {"program_id": wanted.pk} if isinstance(wanted, Program) else {"room_type_id": wanted.pk}
