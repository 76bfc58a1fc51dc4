"""From an address to a trip: the same reading for home, search and every step of the booking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from bookings.domain import availability, ratecard
from bookings.domain.ratecard import RateCard
from bookings.web import trip as trips
from bookings.web.forms import WishForm
from bookings.web.trip import Trip
from core.nights import local_date
from rooms.models import Property

FRESH = {"adults": "2"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the visitor asks for. `trip` is None while dates or people are open or wrong; `begun` once a date is given.

    `unknown` names what in the address we do not have ("program" or "room"); `room` is the room it asks for.
    """

    property: Property
    card: RateCard
    at: datetime
    today: date
    form: WishForm
    trip: Trip | None
    begun: bool
    unknown: str = ""
    room: str = ""

    @property
    def last(self) -> date:
        return self.today + timedelta(days=self.card.horizon_days)


def read(request: HttpRequest) -> Asked:
    """The wish in the address of this request."""
    house = availability.home()
    card = ratecard.recent(house)
    at = timezone.now()
    today = local_date(at, card.time_zone)
    said = trips.asked(request.GET)
    begun = bool(said.get("check_in") or said.get("check_out"))
    form = WishForm(FRESH | said if begun else None, initial=FRESH | said, card=card, today=today)
    unknown = "program" if said.get("program", "") not in ("", *card.programs) else ""
    if not unknown and said.get("room", "") not in ("", *card.types):
        unknown = "room"
    found = _trip(form, said, request, card) if begun and form.is_valid() else None
    room = said.get("room", "") if said.get("room") in card.types else ""
    return Asked(house, card, at, today, form, found, begun, unknown, room)


def panel(asked: Asked) -> dict[str, Any]:
    """For `components/search_panel.html` and `components/date_fields.html`."""
    return {
        "form": asked.form,
        "action": reverse("bookings:search"),
        "first": asked.today,
        "last": asked.last,
        "min_nights": asked.card.min_nights,
        "calendar_url": reverse("bookings:calendar-data"),
    }


def _trip(form: WishForm, said: dict[str, str], request: HttpRequest, card: RateCard) -> Trip:
    data = form.cleaned_data
    room = said.get("room", "")
    asked = Trip(
        nights=data["nights"],
        adults=data["adults"],
        ages=data["children"],
        program=data["program"],
        room=room if room in card.types else "",
        caregiver=said.get("caregiver", "") if said.get("caregiver") in ("sharing", "own_room") else "",
        extras=trips.extras_of(request.GET, card.extras),
        draft=said.get("draft", "")[:40],
    )
    return asked if asked.young else asked.but(caregiver="")
