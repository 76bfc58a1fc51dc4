"""Time passes: pending payments end, forgotten pages are dropped, refunds move from queued to the bank to done."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from core.errors import Conflict
from payments.simulator import deliveries, outcomes
from payments.simulator.models import Refund, Transaction

PAGE_LIFE = timedelta(minutes=30)
BATCH = 200


def advance(*, at: datetime) -> int:
    """Do what is due at `at`; returns the number of steps. Safe to run in several workers at once."""
    return (
        _resolve(at)
        + _drop(at)
        + _step_refunds(at, Refund.Status.QUEUED)
        + _step_refunds(at, Refund.Status.IN_PROGRESS)
    )


@transaction.atomic
def _resolve(at: datetime) -> int:
    due = Transaction.objects.select_for_update(skip_locked=True).filter(state="pending", resolve_at__lte=at)[:BATCH]
    for payment in due:
        resolve(payment, result=outcomes.OUTCOMES[payment.outcome].then, at=at)
    return len(due)


@transaction.atomic
def _drop(at: datetime) -> int:
    stale = Transaction.objects.select_for_update(skip_locked=True).filter(
        state="started", added_at__lte=at - PAGE_LIFE
    )
    stale = stale[:BATCH]
    for payment in stale:
        outcomes.fail(payment, unmapped="dropped", at=at, tell=False)
    return len(stale)


@transaction.atomic
def _step_refunds(at: datetime, status: str) -> int:
    due = Refund.objects.select_for_update(skip_locked=True, of=("self",)).select_related("transaction")
    due = due.filter(status=status, step_at__lte=at)[:BATCH]
    for refund in due:
        if status == Refund.Status.QUEUED:
            refund.status = Refund.Status.IN_PROGRESS
            refund.step_at += timedelta(seconds=settings.PAYU_SIM_REFUND_SECONDS / 2)
            refund.save(update_fields=["status", "step_at"])
        else:
            settle_refund(refund, success=not refund.will_fail, at=at)
    return len(due)


def resolve(payment: Transaction, *, result: str, at: datetime) -> None:
    """A pending payment ends as success, or as failure. The row is locked by the caller.

    A success comes too late when another page has been paid under the same txnid meanwhile.
    """
    if result == "success":
        try:
            outcomes.capture(payment, at=at)
            return
        except Conflict:
            payment.refresh_from_db()
    outcomes.fail(payment, unmapped="failed", at=at)


def settle_refund(refund: Refund, *, success: bool, at: datetime) -> None:
    """A refund ends; the merchant is told. The row is locked by the caller."""
    refund.status = Refund.Status.SUCCESS if success else Refund.Status.FAILURE
    refund.settled_at = at
    if success:
        refund.bank_ref_num = f"{secrets.randbelow(10**12):012d}"
        refund.bank_arn = f"74{secrets.randbelow(10**21):021d}"
    refund.save()
    deliveries.promise_refund(refund, at=at)
