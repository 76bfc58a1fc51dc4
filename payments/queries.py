"""Reads that more than one door needs."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import QuerySet, Sum

from payments.domain.folio import Standing, standing_of
from payments.models import Folio, FolioLine, Payment, Refund


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


def standings(folio_ids: Iterable[int]) -> dict[int, Standing]:
    """The figures of many folios in one query; a folio without lines stands at zero."""
    kinds: dict[int, dict[str, Decimal]] = {pk: {} for pk in folio_ids}
    rows = FolioLine.objects.filter(folio_id__in=kinds).order_by().values_list("folio_id", "kind")
    for pk, kind, amount in rows.annotate(total=Sum("amount")):
        kinds[pk][kind] = amount
    return {pk: standing_of(sums) for pk, sums in kinds.items()}
