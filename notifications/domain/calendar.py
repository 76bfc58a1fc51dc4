"""Calendar files."""

from __future__ import annotations

from datetime import date, datetime

from icalendar import Calendar, Event


def stay_event(
    *, uid: str, title: str, place: str, description: str, url: str, check_in: date, check_out: date, at: datetime
) -> str:
    """An .ics text with one all-day event from arrival to departure."""
    calendar = Calendar()
    calendar.add("prodid", "-//Pema Wellness//Stays//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    event = Event()
    event.add("uid", uid)
    event.add("summary", title)
    event.add("location", place)
    event.add("description", description)
    event.add("url", url)
    event.add("dtstart", check_in)
    event.add("dtend", check_out)
    event.add("dtstamp", at)
    event.add("transp", "OPAQUE")
    calendar.add_component(event)
    return str(calendar.to_ical().decode())
