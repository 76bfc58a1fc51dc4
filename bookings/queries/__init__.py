"""Reads about stays that more than one door needs."""

from bookings.queries.stays import (
    Due,
    StayFacts,
    facts,
    facts_of,
    lines,
    milestone_label,
    past,
    staff_list,
    upcoming,
    with_people,
)
from bookings.queries.steps import NextStep, arrival, next_step
from bookings.queries.timeline import Event, timeline

__all__ = [
    "Due",
    "Event",
    "NextStep",
    "StayFacts",
    "arrival",
    "facts",
    "facts_of",
    "lines",
    "milestone_label",
    "next_step",
    "past",
    "staff_list",
    "timeline",
    "upcoming",
    "with_people",
]
