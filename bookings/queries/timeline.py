"""What happened to a stay, in the guest's words: from history, payments, refunds. No staff names, nothing medical."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import History
from bookings.models import StayBooking
from core.money import format_inr
from payments.models import Payment, Refund

HISTORY_WORDS = {
    "held": gettext_lazy("Stay reserved"),
    "hold extended": gettext_lazy("Time to pay extended"),
    "hold_expired": gettext_lazy("The time to pay ran out"),
    "forms_submitted": gettext_lazy("Guest form handed in"),
    "doctor_asked": gettext_lazy("Our doctor asked you a question"),
    "guest_answered": gettext_lazy("You answered our doctor"),
    "cleared": gettext_lazy("Our doctor welcomes you"),
    "not_suitable": gettext_lazy("We cannot host this stay"),
    "form_reopened": gettext_lazy("Guest form changed; our doctor looks again"),
    "milestone_paid": gettext_lazy("Stay confirmed"),
    "checked_in": gettext_lazy("Checked in"),
    "program_changed": gettext_lazy("Program changed on arrival"),
    "arrival_denied": gettext_lazy("The stay could not begin"),
    "checked_out": gettext_lazy("Checked out"),
    "no_show": gettext_lazy("You did not arrive"),
    "cancelled": gettext_lazy("Stay cancelled"),
}
STOPPED = {"hold_expired", "not_suitable", "arrival_denied", "no_show", "cancelled"}


@dataclass(frozen=True, slots=True)
class Event:
    """`code` is stable, `label` and `text` are for people; `state` is done, now (under way) or stopped."""

    at: datetime
    code: str
    label: str
    text: str = ""
    state: str = "done"


def timeline(booking: StayBooking) -> list[Event]:
    """Everything that happened so far, oldest first, in three queries."""
    events = [*_payments(booking), *_moves(booking), *_refunds(booking)]  # in this order at one and the same instant
    return sorted(events, key=lambda event: (event.at, event.code != "held"))


def _moves(booking: StayBooking) -> Iterator[Event]:
    for row in History.objects.filter(subject=booking.subject).order_by("id"):
        words = HISTORY_WORDS.get(row.event)
        if words is None:
            continue
        label = str(words)
        if row.event == "cleared" and row.to_state == "confirmed":
            label = _("Our doctor welcomes you; stay confirmed")
        code = row.event.replace(" ", "_")
        yield Event(row.at, code, label, state="stopped" if row.event in STOPPED else "done")


def _payments(booking: StayBooking) -> Iterator[Event]:
    """An attempt that a later one has paid for, or whose stay is over, is no money on the way."""
    payments = list(Payment.objects.filter(folio=booking.folio_id).order_by("id"))
    last = max((one.pk for one in payments if one.state == Payment.State.CAPTURED), default=0)
    for payment in payments:
        amount = format_inr(payment.amount)
        if payment.state == Payment.State.CAPTURED and payment.captured_at:
            yield Event(payment.captured_at, "payment_received", _("%(amount)s received") % {"amount": amount})
        elif payment.state == Payment.State.PENDING and payment.pk > last and booking.holds_stock:
            label = _("%(amount)s on the way") % {"amount": amount}
            yield Event(payment.created_at, "payment_pending", label, _("Your bank is working on it."), "now")
        elif payment.state == Payment.State.FAILED:
            label = _("A payment of %(amount)s did not go through") % {"amount": amount}
            yield Event(payment.created_at, "payment_failed", label, _("Nothing was charged."), "stopped")


def _refunds(booking: StayBooking) -> Iterator[Event]:
    """Promised, sent, with the bank, done."""
    for refund in Refund.objects.filter(folio=booking.folio_id).order_by("id"):
        amount = {"amount": format_inr(refund.amount)}
        yield Event(refund.created_at, "refund_promised", _("Refund of %(amount)s promised") % amount)
        if refund.sent_at:
            yield Event(refund.sent_at, "refund_sent", _("Refund of %(amount)s sent") % amount)
        if refund.with_bank_at and refund.with_bank_at != refund.settled_at:
            yield Event(refund.with_bank_at, "refund_with_bank", _("Refund of %(amount)s is with your bank") % amount)
        if refund.settled_at:
            reference = refund.bank_reference
            text = _("Bank reference %(reference)s") % {"reference": reference} if reference else ""
            yield Event(refund.settled_at, "refund_done", _("Refund of %(amount)s paid back") % amount, text)
        elif refund.state == Refund.State.FAILED:
            text = _("It takes longer than usual. A person is looking after it.")
            yield Event(refund.created_at, "refund_delayed", _("Refund of %(amount)s delayed") % amount, text, "now")
