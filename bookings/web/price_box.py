"""A quote as the pages tell it: lines, schedule with dates, what comes back with dates and rupees."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from bookings.domain.quote import Quote
from bookings.domain.schedule import Step
from bookings.queries import milestone_label
from bookings.web import words
from core.money import ZERO, format_inr
from core.templatetags.ui import day, days_words
from rooms.models import RoomType


def price_box(priced: Quote, room: RoomType) -> dict[str, Any]:
    """Everything `components/price_box.html` wants to know, under the names it uses."""
    nights = priced.request.nights
    return {
        "title": title(priced, room),
        "check_in": nights.check_in,
        "check_out": nights.check_out,
        "nights": len(nights),
        "people": words.people(priced.request.rooms[0]),
        "lines": priced.lines,
        "total": priced.total,
        "tax": priced.tax,
        "schedule": [_step(step, priced) for step in priced.schedule],
        "now": priced.schedule[0].amount,
        "later": priced.total - priced.schedule[0].amount,
        "cancellation": cancellation(priced),
        "basis": _basis(priced),
        "needs_review": priced.program.needs_review,
    }


def title(priced: Quote, room: RoomType) -> str:
    kind = words.room_words(room.name, room.category)
    return _("%(program)s, %(room)s") % {"program": priced.program.name, "room": kind}


def cancellation(priced: Quote) -> list[dict[str, Any]]:
    """The ladder of what is paid first, as dated rows for the component."""
    rows = priced.cancellation(priced.schedule[0].amount)
    found = [
        {"until": row.until, "refund_percent": row.percent, "refund_amount": row.amount} for row in rows if row.percent
    ]
    last = None if found else priced.request.nights.check_in
    return [*found, {"until": last, "refund_percent": 0, "refund_amount": ZERO}]


def now_words(step: Step, total: Decimal) -> str:
    """ "₹50,000 now, the rest later" on a search result."""
    if step.amount == total:
        return _("Paid in full when you book")
    return _("%(amount)s now, the rest later") % {"amount": format_inr(step.amount)}


def _step(step: Step, priced: Quote) -> dict[str, Any]:
    due: Any = "now" if step.due is None else step.due
    if step.milestone == "half" and step.due:
        facts = {"days": days_words(priced.plan.middle_due_days), "date": day(step.due)}
        due = (
            _("within %(days)s after our doctor’s yes, by %(date)s at the latest") % facts
            if priced.program.needs_review
            else _("within %(days)s, by %(date)s at the latest") % facts
        )
    elif step.milestone == "balance" and step.due:
        due = _("at check-in, %(date)s") % {"date": day(step.due)}
    return {
        "label": milestone_label(step.milestone),
        "amount": step.amount,
        "due": due,
        "state": "now" if step.due is None else "",
    }


def _basis(priced: Quote) -> str:
    amount = priced.schedule[0].amount
    if amount == priced.total:
        return ""
    return _("Of the %(amount)s you pay now. The same shares hold for what you pay later.") % {
        "amount": format_inr(amount)
    }
