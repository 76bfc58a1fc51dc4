"""Hearts and reviews for pages that belong to others. No rules."""

from __future__ import annotations

from typing import Any

from django import template
from django.middleware.csrf import get_token
from django.urls import reverse

from bookings.queries import reviews
from bookings.web import saved
from programs.models import Program
from programs.queries import rating_of
from rooms.models import RoomType

register = template.Library()
SHOWN = 3


@register.inclusion_tag("components/heart.html", takes_context=True)
def heart(context: Any, kind: str, slug: str, name: str, wide: bool = False) -> dict[str, Any]:
    """A button that saves a program or room type, or forgets it; nothing where there is no request (mails)."""
    request = getattr(context, "request", None) or context.get("request")
    if request is None:
        return {"shown": False}
    return {
        "shown": True,
        "kind": kind,
        "slug": slug,
        "name": name,
        "wide": wide,
        "on": (kind, slug) in saved.names(request),
        "here": request.get_full_path(),
        "csrf_token": get_token(request),
    }


@register.inclusion_tag("components/reviews.html")
def reviews_of(thing: Program | RoomType) -> dict[str, Any]:
    """The stars of a program or room type, its newest reviews and the way to the others."""
    rating = rating_of(thing)
    page = "bookings:program-reviews" if isinstance(thing, Program) else "bookings:room-reviews"
    return {
        "thing": thing,
        "rating": rating,
        "rows": list(reviews.published(thing)[:SHOWN]) if rating.count else [],
        "more": rating.count > SHOWN,
        "all": reverse(page, args=[thing.slug]),
    }


@register.inclusion_tag("components/stars.html")
def stars(average: Any, label: str = "") -> dict[str, Any]:
    """Five stars, as many of them full as `average` says; `label` is what a screen reader says instead."""
    full = round(float(average or 0))
    return {"full": range(full), "empty": range(5 - full), "average": average, "label": label}
