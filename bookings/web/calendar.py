"""What the calendar over the date fields knows: each night, whether it can be had, and why not."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookings.domain import availability
from bookings.domain.availability import Day
from bookings.web import words
from core.doors import ANYONE, Scope, door
from core.errors import Invalid


@door(ANYONE, scope=Scope.PUBLIC)
@require_safe
def nights(request: HttpRequest) -> JsonResponse:
    """`?month=2027-05[&room_type=standard]` → {"days": [{date, available, arrival, reason, min_stay}]}."""
    first = _month(request.GET.get("month", ""))
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    house, at = availability.home(), timezone.now()
    room_type = request.GET.get("room_type", "")[:60]
    if room_type:
        days = availability.calendar(house, room_type, first, last, at=at)
    else:
        days = availability.house_calendar(house, first, last, at=at)
    answer = JsonResponse({"days": [_tell(day) for day in days]})
    answer["Cache-Control"] = "no-store"
    return answer


def _month(text: str) -> date:
    if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", text):
        raise Invalid("bad_month", _("Name the month like 2027-05."), attr="month")
    return date.fromisoformat(f"{text}-01")


def _tell(day: Day) -> dict[str, Any]:
    no_arrival = day.closed == "closed_to_arrival"
    return {
        "date": day.night.isoformat(),
        "available": not day.closed or no_arrival,
        "arrival": not day.closed,
        "reason": words.calendar_reason(day.closed),
        "min_stay": day.min_stay,
    }
