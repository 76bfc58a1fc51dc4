"""Money that does not add up waits here for finance."""

from __future__ import annotations

from datetime import datetime

from core.actors import Actor
from core.errors import Conflict
from payments.models import MoneyException, Payment


def open_one(kind: str, payment: Payment, detail: str, *, at: datetime) -> MoneyException:
    """Open an exception, once per kind and payment."""
    found, _ = MoneyException.objects.get_or_create(
        key=f"{kind}:{payment.txnid}",
        defaults={"kind": kind, "payment": payment, "detail": detail[:300], "opened_at": at},
    )
    return found


def close(exception: MoneyException, *, by: Actor, at: datetime) -> None:
    """A person has dealt with it. Raises Conflict("already_closed")."""
    changed = MoneyException.objects.filter(pk=exception.pk, closed_at__isnull=True)
    if not changed.update(closed_at=at, closed_by=by.name):
        raise Conflict("already_closed", "This exception is closed already.")
