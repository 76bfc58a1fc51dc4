"""Who may look at money. Somebody else's payment is simply not there."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from payments.models import Payment
from payments.queries import payments_of

VIEW = "payments.view_payment"


def visible_to(user: Any) -> QuerySet[Payment]:
    """The own payments; staff by role see all."""
    if user.is_staff and user.has_perm(VIEW):
        return Payment.objects.select_related("folio").order_by("-id")
    return payments_of(user.pk)
