"""The money of a stay as the pages tell it: what is due when, what comes back, where a refund is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from bookings.domain import lifecycle, policy
from bookings.domain.words import day
from bookings.models import StayBooking
from bookings.queries import StayFacts
from bookings.queries.stays import lines
from bookings.states import State as S
from bookings.web.timeline import half_words
from core.money import ZERO
from core.nights import local_date
from payments.models import Folio, Payment, Refund
from payments.queries import refunds_of


@dataclass(frozen=True, slots=True)
class RefundPath:
    """One refund on its way: its amount, and its four stations for the timeline."""

    amount: Decimal
    to: str
    stations: list[dict[str, Any]] = field(default_factory=list)


def schedule(facts: StayFacts) -> list[dict[str, Any]]:
    """The payment steps for the schedule component; before the doctor's yes the middle one has no date yet."""
    found = []
    for due in facts.schedule:
        when: Any = due.due
        waiting = facts.booking.state not in (S.APPROVED, S.CONFIRMED, S.CHECKED_IN, S.COMPLETED)
        if due.milestone == "half" and waiting:
            when = half_words(facts.booking)
        elif due.milestone == "balance" and due.state != "done":
            when = _("at check-in, %(date)s") % {"date": day(due.due)}
        found.append({"label": due.label, "amount": due.amount, "due": when, "state": due.state})
    return found


def bill(folio: Folio) -> list[dict[str, Any]]:
    """The lines of the bill; only what is sold by number says how many."""
    found = []
    for line in lines(folio):
        counted = {"quantity": line.quantity, "unit_amount": line.unit_amount} if line.kind == "charge" else {}
        found.append({"description": line.description, "amount": line.amount, "why": line.why, **counted})
    return found


def moves(folio: Folio, zone: str) -> list[dict[str, Any]]:
    """What has come in and what goes back, in the order of time; together they are what counts as paid."""
    found = []
    for one in folio.payments.filter(state=Payment.State.CAPTURED, applied_at__isnull=False):
        assert one.captured_at is not None  # as of every captured payment
        found.append((one.captured_at, {"description": _("Your payment"), "amount": one.amount, "way": _way(one)}))
    for back in refunds_of(folio).select_related("payment"):
        arrived = back.state == Refund.State.DONE
        words = _("Paid back to you") if arrived else _("Goes back to you")
        found.append((back.created_at, {"description": words, "amount": -back.amount, "way": _way(back.payment)}))
    found.sort(key=lambda pair: pair[0])
    return [{**row, "why": f"{day(local_date(at, zone))}, {row['way']}"} for at, row in found]


def cancellation(booking: StayBooking, *, at: datetime, paid: Decimal | None = None) -> list[dict[str, Any]]:
    """What comes back, as dated rows for the cancellation component; empty when nothing comes back any more.

    `paid` (rupees): the ladder of a sum that is about to be reached instead of what is paid now.
    """
    if paid is None:
        rows = lifecycle.cancellation(booking, at=at)
    else:
        today = local_date(at, booking.property.time_zone)
        rows = policy.rows(lifecycle.tiers(booking), paid=paid, check_in=booking.check_in, today=today)
    found = [
        {"until": row.until, "refund_percent": row.percent, "refund_amount": row.amount} for row in rows if row.percent
    ]
    return [*found, {"until": None, "refund_percent": 0, "refund_amount": ZERO}] if found else []


def refund_paths(folio: Folio) -> list[RefundPath]:
    """Each refund with its stations: promised, sent, with the bank, paid back."""
    return [_refund_path(refund) for refund in refunds_of(folio).select_related("payment")]


def _refund_path(refund: Refund) -> RefundPath:
    failed = refund.state == Refund.State.FAILED
    done = refund.state == Refund.State.DONE
    reference = refund.bank_reference
    bank = _("Your bank's reference: %(reference)s") % {"reference": reference} if reference else ""
    stations = [
        _station(_("Promised"), refund.created_at),
        _station(_("Sent to the bank"), refund.sent_at),
        _station(_("With your bank"), refund.with_bank_at or (refund.settled_at if done else None), bank),
        _station(_("Back in your account"), refund.settled_at, _("Usually within 5 to 7 working days.")),
    ]
    if failed:
        text = _("It takes longer than usual. A person is looking after it and will write to you.")
        stations = [one for one in stations if one["state"] == "done"]
        stations.append({"label": _("Delayed"), "text": text, "state": "now"})
    else:
        first = next((one for one in stations if one["state"] == "ahead"), None)
        if first:
            first["state"] = "now"
    if done:
        stations[-1]["text"] = ""
    return RefundPath(refund.amount, _way(refund.payment), stations)


def _station(label: str, at: datetime | None, text: str = "") -> dict[str, Any]:
    return {"label": label, "at": at, "text": text, "state": "done" if at else "ahead"}


def _way(payment: Payment) -> str:
    ways = {"CC": _("your credit card"), "DC": _("your debit card"), "UPI": _("your UPI account"), "NB": _("your bank")}
    return str(ways.get(payment.mode, _("the way you paid")))
