"""The five steps of a booking, and where the guest stands."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bookings.web.trip import Trip

STEPS = (
    ("book", _("Dates and people")),
    ("book-room", _("Program and room")),
    ("book-extras", _("Extras")),
    ("book-details", _("Your details")),
    ("book-check", _("Check and pay")),
)


def steps(current: str, trip: Trip | None) -> list[dict[str, Any]]:
    """For `components/steps.html`; finished steps are links that keep the whole trip."""
    here = [name for name, _label in STEPS].index(current)
    return [
        {
            "label": label,
            "state": "done" if place < here else "now" if place == here else "ahead",
            "href": address(name, trip) if trip and place < here else "",
        }
        for place, (name, label) in enumerate(STEPS)
    ]


def address(name: str, trip: Trip, **changes: Any) -> str:
    """The address of a step that carries the trip."""
    return f"{reverse(f'bookings:{name}')}?{trip.query(**changes)}"
