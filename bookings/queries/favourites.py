"""Reads about what is saved."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from bookings.models import Favourite


def of(user: Any) -> QuerySet[Favourite]:
    """What an account has saved and what is still on sale, newest first."""
    rows = Favourite.objects.filter(user=user).filter(Q(program__published=True) | Q(room_type__published=True))
    return rows.select_related("program__standing", "room_type__standing").order_by("-saved_at", "-id")


def names_of(user: Any) -> set[tuple[str, str]]:
    """The same as (kind, slug), for the hearts of a page."""
    rows = Favourite.objects.filter(user=user).values_list("program__slug", "room_type__slug")
    return {("program", program) if program else ("room_type", room) for program, room in rows}
