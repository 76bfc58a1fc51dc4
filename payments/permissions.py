"""Who may look at money. Somebody else's payment is simply not there."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.reach import Reach, by_subject, reach_of
from payments.models import Payment
from payments.queries import payments_of

VIEW = "payments.view_payment"
OF_FOLIO = by_subject("folio__subject")


def sees_payments(user: Any) -> bool:
    """Staff whose role looks at money."""
    return bool(user.is_staff and user.has_perm(VIEW))


def sees_folios(user: Any) -> bool:
    return bool(user.has_perm("payments.view_folio"))


def sees_exceptions(user: Any) -> bool:
    return bool(user.has_perm("payments.view_moneyexception"))


def may_retry_refunds(user: Any) -> bool:
    return bool(user.has_perm("payments.change_refund"))


def visible_to(user: Any) -> QuerySet[Payment]:
    """The own payments; staff by role see those of their properties too."""
    if not sees_payments(user):
        return payments_of(user.pk)
    reach, rows = reach_of(user), Payment.objects.select_related("folio").order_by("-id")
    return rows if reach.whole else rows.filter(Q(folio__owner_id=user.pk) | reach.q(OF_FOLIO))


def of_exception(reach: Reach) -> Q:
    """Exceptions of one's own properties, and those that nobody knows a payment for: money must not be lost."""
    if not reach.keys:
        return Q(pk__in=[])
    return Q(payment__isnull=True) | by_subject("payment__folio__subject")(reach)


def of_notice(reach: Reach) -> Q:
    """Notices about payments of one's own properties."""
    return Q(Exists(Payment.objects.filter(OF_FOLIO(reach), gateway=OuterRef("gateway"), txnid=OuterRef("txnid"))))
