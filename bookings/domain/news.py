"""Telling the guest what became of her money."""

from __future__ import annotations

from datetime import datetime

from bookings.domain import outward
from bookings.domain.words import moment, tell
from bookings.models import StayBooking
from bookings.states import State
from core.money import format_inr
from payments.models import Folio, Payment, Refund


def payment_failed(payment_id: int, *, at: datetime) -> None:
    """The try failed and the room is still kept: say until when."""
    payment = Payment.objects.get(pk=payment_id)
    outward.payment_failed(payment, at=at)
    booking = _of(payment.folio)
    if booking is not None and booking.state == State.HELD and booking.hold_expires_at:
        tell(
            booking,
            "payment_failed",
            at=at,
            once=str(payment.public_id),
            page="pay",
            amount=format_inr(payment.amount),
            due=moment(booking.hold_expires_at, booking.property.time_zone),
        )


def refund_done(refund_id: int, *, at: datetime) -> None:
    """The money is back."""
    refund = Refund.objects.select_related("folio", "payment").get(pk=refund_id)
    outward.refund_ended(refund, at=at)
    booking = _of(refund.folio)
    if booking is not None:
        tell(
            booking,
            "refund_done",
            at=at,
            once=str(refund.public_id),
            refund_amount=format_inr(refund.amount),
            bank_reference=refund.bank_reference,
        )


def refund_delayed(refund_id: int, *, at: datetime) -> None:
    """A person looks after it; the guest is told that it takes longer."""
    refund = Refund.objects.select_related("folio", "payment").get(pk=refund_id)
    outward.refund_ended(refund, at=at)
    booking = _of(refund.folio)
    if booking is not None:
        amount = format_inr(refund.amount)
        tell(booking, "refund_delayed", at=at, once=str(refund.public_id), refund_amount=amount, due="")


def _of(folio: Folio) -> StayBooking | None:
    return StayBooking.objects.filter(folio=folio).select_related("property", "program", "folio").first()
