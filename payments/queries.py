"""Reads that more than one door needs."""

from __future__ import annotations

from django.db.models import QuerySet

from payments.models import Folio, Payment, Refund


def payment_state(payment: Payment) -> str:
    """initiated, pending, captured, failed, refunded, partially_refunded (what the API says)."""
    if payment.state == Payment.State.CAPTURED and payment.refund_reserved:
        return "refunded" if payment.refund_reserved == payment.amount else "partially_refunded"
    return payment.state


def payments_of(owner_id: int) -> QuerySet[Payment]:
    """Payments on the folios of one account."""
    return Payment.objects.filter(folio__owner_id=owner_id).select_related("folio").order_by("-id")


def refunds_of(folio: Folio) -> QuerySet[Refund]:
    """Refunds of a folio, oldest first, for the guest's timeline."""
    return Refund.objects.filter(folio=folio).order_by("id")
