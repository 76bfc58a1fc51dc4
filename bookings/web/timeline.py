"""What has been and what will come, for the timeline component."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from typing import Any

from django.utils.dateformat import time_format
from django.utils.translation import gettext as _

from bookings import queries
from bookings.domain import milestones
from bookings.models import StayBooking
from bookings.queries import StayFacts
from bookings.states import State as S
from core.money import format_inr
from core.templatetags.ui import days_words, ist


def timeline(facts: StayFacts) -> list[dict[str, Any]]:
    """What happened, then what comes, for the timeline component."""
    booking = facts.booking
    been = [
        {"label": event.label, "text": event.text, "at": event.at, "state": event.state}
        for event in queries.timeline(booking)
        if not event.code.startswith("refund_")
    ]
    return [*been, *_ahead(facts)]


def _ahead(facts: StayFacts) -> Iterator[dict[str, Any]]:
    booking = facts.booking
    if not booking.holds_stock or (booking.state == S.HELD and not facts.next_step.milestone):
        return
    review = booking.terms.get("needs_review", True)
    now = {"state": "now"}
    if booking.state == S.HELD:
        until = _("Your room is kept until %(until)s.") % {"until": ist(booking.hold_expires_at)}
        yield {"label": facts.next_step.label, "text": until, **now}
    if booking.state == S.PENDING_MEDICAL:
        until = _("Please send it by %(until)s.") % {"until": ist(booking.form_due_at)}
        yield {"label": _("You fill in the guest form"), "text": until, **now}
    elif booking.state == S.HELD and review:
        yield _later(_("You fill in the guest form"), _("Within a day after the payment."))
    if booking.state == S.ON_HOLD:
        yield {"label": _("You answer our doctor"), **now}
    if booking.state == S.IN_REVIEW:
        yield {"label": _("Our doctor decides"), "text": _("Within a day."), **now}
    elif review and booking.state in (S.HELD, S.PENDING_MEDICAL, S.ON_HOLD):
        yield _later(_("Our doctor decides"), _("Within a day after your form."))
    yield from _payments_ahead(facts)
    if booking.state == S.CHECKED_IN:
        yield {"label": _("Your days with us"), **now}
    else:
        yield {"label": _("Arrival"), "text": _arrival_time(booking), "on": booking.check_in, "state": "ahead"}
    yield {"label": _("Departure"), "text": _departure_time(booking), "on": booking.check_out, "state": "ahead"}


def _payments_ahead(facts: StayFacts) -> Iterator[dict[str, Any]]:
    first = True
    for due in facts.schedule:
        if due.state == "done":
            continue
        if facts.booking.state == S.HELD and first:
            first = False
            continue
        first = False
        state = "now" if due.state == "now" and facts.booking.state == S.APPROVED else "ahead"
        label = _("%(what)s: %(amount)s") % {"what": due.label, "amount": format_inr(due.amount)}
        opened = facts.booking.state in (S.APPROVED, S.CONFIRMED, S.CHECKED_IN)
        known = opened or due.milestone != "half"
        when = {"due": due.due} if known else {"text": half_words(facts.booking)}
        yield {"label": label, "state": state, **when}


def half_words(booking: StayBooking) -> str:
    days = milestones.plan_of(booking).middle_due_days
    return _("Within %(days)s after our doctor's yes.") % {"days": days_words(days)}


def _later(label: str, text: str) -> dict[str, Any]:
    return {"label": label, "text": text, "state": "ahead"}


def _arrival_time(booking: StayBooking) -> str:
    return _("From %(time)s IST") % {"time": clock(booking.property.check_in_time)}


def _departure_time(booking: StayBooking) -> str:
    return _("Until %(time)s IST") % {"time": clock(booking.property.check_out_time)}


def clock(value: time) -> str:
    """2:00 pm, as the pages write an hour."""
    return time_format(value, "g:i a").replace(".", "")
