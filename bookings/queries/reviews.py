"""Reads about reviews: what is shown, whose it is, and whether the counters agree with the rows."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet, Sum

from bookings.models import GuestReview, StayBooking
from programs.models import Program, Standing
from rooms.models import RoomType


def published(thing: Program | RoomType) -> QuerySet[GuestReview]:
    """The published reviews of a program or room type, newest first; the order is stable."""
    key = {"program": thing} if isinstance(thing, Program) else {"room_type": thing}
    found = GuestReview.objects.filter(state=GuestReview.State.PUBLISHED, **key)
    return found.order_by("-published_at", "-id")


def own(user: Any) -> QuerySet[GuestReview]:
    """The reviews of the stays of one account, newest first."""
    if not user.is_authenticated:
        return GuestReview.objects.none()
    return GuestReview.objects.filter(booking__user=user).order_by("-written_at", "-id")


def of_stay(booking: StayBooking) -> GuestReview | None:
    """The review of a stay, in whatever state."""
    return GuestReview.objects.filter(booking=booking).first()


def disagreeing() -> list[dict[str, Any]]:
    """Counters that differ from what the published reviews add up to; empty when all is well."""
    rows = GuestReview.objects.filter(state=GuestReview.State.PUBLISHED)
    found = []
    for name in ("program_id", "room_type_id"):
        counted = {
            row[name]: (row["reviews"], row["stars"])
            for row in rows.order_by().values(name).annotate(reviews=Count("id"), stars=Sum("rating"))
        }
        kept = {
            row[name]: (row["reviews"], row["stars"])
            for row in Standing.objects.filter(**{f"{name}__isnull": False}).values(name, "reviews", "stars")
        }
        for pk in sorted({*counted, *kept}):
            true, says = counted.get(pk, (0, 0)), kept.get(pk, (0, 0))
            if true != says:
                found.append({name: pk, "counted": true, "kept": says})
    return found
