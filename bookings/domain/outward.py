"""What other systems are told of stays, payments and refunds: one shape for all events, never a medical word.

Every event carries the same keys, null where there is nothing. `facilitator` and `session` are null for stays; they
are filled where sessions are sold. Figures are those of the folio at that moment, as strings in rupees.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, Exists, Min, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from accounts.models import User
from bookings.models import StayBooking
from bookings.states import State
from core import work
from core.db import in_transaction
from core.money import money
from core.references import random_code
from notifications.webhooks import events
from notifications.webhooks.catalogue import Catalogue
from notifications.webhooks.models import WebhookEvent, WebhookSubscription
from payments.domain import folio as folios
from payments.models import Payment, Refund

SWEPT = 200  # at one go
LOST = timedelta(days=30)  # what was lost longer ago is no news, and its event may be forgotten
BOOKING = {
    State.HELD: "A stay is held while the guest pays",
    State.PENDING_MEDICAL: "The first instalment is paid, the guest form is awaited",
    State.IN_REVIEW: "The guest form is with our doctor",
    State.ON_HOLD: "Our doctor has asked the guest something",
    State.APPROVED: "The stay is approved, the next instalment is due",
    State.CONFIRMED: "The stay is confirmed",
    State.CHECKED_IN: "The guest has arrived",
    State.COMPLETED: "The guest has left",
    State.EXPIRED: "The hold ran out unpaid",
    State.CANCELLED: "The stay is cancelled",
    State.NOT_SUITABLE: "We cannot host this stay",
    State.NO_SHOW: "The guest did not arrive",
}
UPDATED = "booking.updated"
Catalogue.add("booking", {str(state.value): words for state, words in BOOKING.items()})
Catalogue.add("booking", {"updated": "A stay in house changed: its program, or what it costs"})
Catalogue.add("payment", {"captured": "Money has come in", "failed": "A try at paying failed"})
Catalogue.add(
    "refund",
    {
        "promised": "Money will go back to the guest",
        "settled": "Money is back with the guest",
        "failed": "A refund needs a person",
    },
)


def moved(booking: StayBooking, origin: str, *, at: datetime) -> WebhookEvent | None:
    """The stay came from `origin` to its state; called where every move passes, under the booking's lock."""
    event_type = UPDATED if booking.state == origin else f"booking.{State(booking.state).value}"
    return _announce(event_type, booking, key=f"{event_type}:{booking.reference}:{random_code(12)}", at=at)


def complete(event: WebhookEvent | None, booking: StayBooking) -> None:
    """The bill of the move is written now: the event, not yet seen by anybody, gets the final figures."""
    if event is not None:
        events.complete(event, data(booking))


def refunds_promised(booking: StayBooking, promised: list[Refund], *, at: datetime) -> None:
    """Joins the transaction that promises them."""
    for refund in promised:
        _announce("refund.promised", booking, key=f"refund.promised:{refund.public_id}", at=at, refund=refund)


def payment_captured(booking: StayBooking, payment: Payment, *, at: datetime) -> None:
    """Joins the transaction in which the booking reacts to the money."""
    _announce("payment.captured", booking, key=f"payment.captured:{payment.public_id}", at=at, payment=payment)


def payment_failed(payment: Payment, *, at: datetime) -> bool:
    """A try failed. Told once for each try, whoever brings the news; True when it is told now."""
    return _news("payment.failed", payment.folio_id, key=f"payment.failed:{payment.public_id}", at=at, payment=payment)


def refund_ended(refund: Refund, *, at: datetime) -> bool:
    """Paid back, or needing a person; told once for each outcome; True when it is told now."""
    event_type = "refund.settled" if refund.state == Refund.State.DONE else "refund.failed"
    return _news(event_type, refund.folio_id, key=f"{event_type}:{refund.public_id}", at=at, refund=refund)


def sweep(*, at: datetime) -> int:
    """News of payments that got lost between its commit and ours: failed tries, settled and failed refunds."""
    first = WebhookSubscription.objects.exclude(state="off").aggregate(first=Min("created_at"))["first"]
    if first is None:
        return 0
    since = max(first, at - LOST)
    found = 0
    if events.listeners("payment.failed"):
        failed = Payment.objects.filter(state=Payment.State.FAILED, next_poll_at__isnull=False, created_at__gte=since)
        found += work.each(_untold(failed, "payment.failed"), lambda one: payment_failed(one, at=at))
    settled = Refund.objects.filter(state=Refund.State.DONE, settled_at__gte=since)
    failing = Refund.objects.filter(state=Refund.State.FAILED, created_at__gte=since)
    for ended, event_type in ((settled, "refund.settled"), (failing, "refund.failed")):
        if events.listeners(event_type):
            found += work.each(_untold(ended, event_type), lambda one: refund_ended(one, at=at))
    return found


def data(booking: StayBooking, *, payment: Payment | None = None, refund: Refund | None = None) -> dict[str, Any]:
    """The frozen words of an event: the payment and refund that it is about, else the newest ones of the stay."""
    folio = booking.folio
    standing = folios.standing(folio)
    payments = Payment.objects.filter(folio=folio).order_by("-id")
    payment = payment or payments.filter(state=Payment.State.CAPTURED).first() or payments.first()
    refund = refund or Refund.objects.filter(folio=folio).order_by("-id").first()
    person = User.objects.filter(pk=booking.user_id).first() if booking.user_id else None
    return {
        "booking": {
            "reference": booking.reference,
            "status": str(booking.state),
            "clearance": str(booking.clearance),
            "check_in_date": booking.check_in.isoformat(),
            "check_out_date": booking.check_out.isoformat(),
            "nights": len(booking.nights),
            "total": _amount(booking.total),
            "paid": _amount(standing.paid),
            "balance": _amount(standing.balance),
            "currency": booking.currency,
        },
        "user": {
            "id": str(person.public_id) if person else None,
            "name": booking.contact_name or None,
            "email": booking.contact_email or None,
            "phone": booking.contact_phone or None,
        },
        "program": {"slug": booking.program.slug, "name": booking.program.name},
        "session": None,
        "facilitator": None,
        "payment": None
        if payment is None
        else {
            "id": str(payment.public_id),
            "status": str(payment.state),
            "amount": _amount(payment.amount),
            "gateway": payment.gateway,
        },
        "refund": None
        if refund is None
        else {
            "id": str(refund.public_id),
            "status": str(refund.state),
            "amount": _amount(refund.amount),
            "reason": refund.reason,
            "payment_id": str(refund.payment.public_id),
        },
    }


def _announce(
    event_type: str,
    booking: StayBooking,
    *,
    key: str,
    at: datetime,
    payment: Payment | None = None,
    refund: Refund | None = None,
) -> WebhookEvent | None:
    if not events.listeners(event_type):
        return None
    told = data(booking, payment=payment, refund=refund)
    return events.announce(event_type, key=key, subject=booking.subject, data=told, at=at)


def _news(event_type: str, folio_id: int, *, key: str, at: datetime, **about: Any) -> bool:
    """After the commit of the money fact: one look at the stay under its lock, so that figures and numbers agree."""

    def act() -> bool:
        rows = StayBooking.objects.select_for_update(of=("self",)).select_related("program", "folio")
        booking = rows.filter(folio=folio_id).first()
        return booking is not None and _announce(event_type, booking, key=key, at=at, **about) is not None

    return bool(events.listeners(event_type)) and in_transaction(act)


def _untold(rows: QuerySet[Any], event_type: str) -> list[Any]:
    """Those of a stay that no event tells of, the oldest first: each is told in the end, however many came after it."""
    key = Concat(Value(f"{event_type}:"), Cast(OuterRef("public_id"), CharField()))
    told = WebhookEvent.objects.filter(key=key)
    of_a_stay = StayBooking.objects.filter(folio=OuterRef("folio"))
    return list(rows.filter(~Exists(told), Exists(of_a_stay)).order_by("id")[:SWEPT])


def _amount(value: Any) -> str:
    return str(money(value))
