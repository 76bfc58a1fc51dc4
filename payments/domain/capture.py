"""Money in: the gateway confirms server to server, the fact is committed alone, then the news goes up."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.record import changed
from core.actors import SYSTEM
from payments.domain import exceptions
from payments.domain.folio import Charge, post
from payments.gateways import registry
from payments.gateways.base import GatewayRefused, GatewayUnclear, Verified
from payments.models import FolioLine, MoneyException, Payment
from payments.signals import payment_captured, payment_failed

POLL_MINUTES = (2, 5, 15, 30, 60)
HOURLY_POLLS = 24
DAILY_POLLS = 5
FAILED_AGAIN = timedelta(hours=6)
FAILED_FOR = timedelta(hours=24)
OPEN = (Payment.State.INITIATED, Payment.State.PENDING)


def confirm(payment: Payment, *, at: datetime | None = None) -> Payment:
    """Ask the gateway what became of this attempt and write the answer down, once.

    The network call runs outside any transaction. Raises GatewayUnclear when the gateway does not answer clearly: the
    attempt then stays as it is and is asked about again.
    """
    if payment.state == Payment.State.CAPTURED:
        return payment
    answer = registry.gateway(payment.gateway).verify(payment.txnid)
    return settle(payment, answer, at=at or timezone.now())


def settle(payment: Payment, answer: Verified, *, at: datetime) -> Payment:
    """One locked transition of an attempt, in a transaction of its own. A captured attempt never moves back."""
    if answer.outcome == "captured":
        if not answer.gateway_id:
            raise GatewayUnclear("captured, but without the gateway's own number")
        if answer.amount != payment.amount or answer.txnid != payment.txnid:
            exceptions.open_one(
                MoneyException.Kind.MISMATCH, payment, f"gateway says {answer.amount} for {answer.txnid}", at=at
            )
            return payment
        return _captured(payment, answer, at)
    if answer.outcome == "failed":
        return _failed(payment, answer, at)
    if answer.outcome == "returned":
        exceptions.open_one(MoneyException.Kind.RETURNED, payment, "the gateway returned the money itself", at=at)
        return _failed(payment, answer, at)
    return _still_open(payment, answer, at)


def _captured(payment: Payment, answer: Verified, at: datetime) -> Payment:
    try:
        with transaction.atomic(durable=True):
            row = Payment.objects.select_for_update().get(pk=payment.pk)
            if row.state == Payment.State.CAPTURED:
                return row
            row.state = Payment.State.CAPTURED
            row.gateway_id = answer.gateway_id
            row.mode = answer.mode[:20]
            row.bank_reference = answer.bank_reference[:60]
            row.captured_at = at
            row.next_poll_at = None
            row.failure = ""
            row.save()
            post(
                row.folio,
                [
                    Charge(
                        key=f"payment:{row.pk}",
                        code="payment",
                        description=f"Payment received ({row.gateway}, {row.mode or 'online'})",
                        amount=-row.amount,
                        kind=FolioLine.Kind.PAYMENT,
                        why=row.txnid,
                    )
                ],
                at=at,
            )
            changed(
                row.folio.subject,
                "payment captured",
                by=SYSTEM,
                at=at,
                payment=str(row.public_id),
                amount=str(row.amount),
            )
            transaction.on_commit(lambda: payment_captured.send(sender=Payment, payment_id=row.pk), robust=True)
    except IntegrityError:
        # The gateway's id is on another attempt already: money we have seen cannot be counted twice.
        exceptions.open_one(
            MoneyException.Kind.MISMATCH, payment, f"gateway id {answer.gateway_id} belongs to another payment", at=at
        )
        return payment
    return row


def _failed(payment: Payment, answer: Verified, at: datetime) -> Payment:
    """A failed try may still succeed at the bank, so it stays on the poller for a day."""
    with transaction.atomic(durable=True):
        row = Payment.objects.select_for_update().get(pk=payment.pk)
        if row.state not in OPEN:
            return row
        row.state = Payment.State.FAILED
        row.failure = (answer.masked.get("error_Message") or answer.masked.get("error") or "declined")[:200]
        row.next_poll_at = at + FAILED_AGAIN
        row.save(update_fields=["state", "failure", "next_poll_at"])
        changed(row.folio.subject, "payment failed", by=SYSTEM, at=at, payment=str(row.public_id))
        transaction.on_commit(lambda: payment_failed.send(sender=Payment, payment_id=row.pk), robust=True)
    return row


def _still_open(payment: Payment, answer: Verified, at: datetime) -> Payment:
    if answer.outcome in ("pending", "authorised"):
        Payment.objects.filter(pk=payment.pk, state=Payment.State.INITIATED).update(state=Payment.State.PENDING)
    payment.refresh_from_db()
    return payment


def poll(payment: Payment, *, at: datetime) -> bool:
    """Ask about an attempt whose callback never came: after 2, 5, 15, 30, 60 min, hourly a day, daily for 5 days.

    Returns False when the gateway gave no clear answer; the attempt is then asked about later all the same.
    """
    answered = False
    with suppress(GatewayUnclear, GatewayRefused):
        payment = confirm(payment, at=at)
        answered = True
    if payment.state in OPEN:
        _schedule_next(payment, at)
    elif payment.state == Payment.State.FAILED:
        later = at + FAILED_AGAIN if at < payment.created_at + FAILED_FOR else None
        Payment.objects.filter(pk=payment.pk, state=Payment.State.FAILED).update(next_poll_at=later)
    return answered


def _schedule_next(payment: Payment, at: datetime) -> None:
    done = payment.polls + 1
    if done < len(POLL_MINUTES):
        wait: timedelta | None = timedelta(minutes=POLL_MINUTES[done])
    elif done < len(POLL_MINUTES) + HOURLY_POLLS:
        wait = timedelta(hours=1)
    elif done < len(POLL_MINUTES) + HOURLY_POLLS + DAILY_POLLS:
        wait = timedelta(days=1)
    else:
        wait = None
        _give_up(payment, at)
    Payment.objects.filter(pk=payment.pk, state__in=OPEN).update(
        polls=done, next_poll_at=None if wait is None else at + wait
    )


def _give_up(payment: Payment, at: datetime) -> None:
    """A started attempt nobody finished simply ends; one that the bank has taken up needs a person."""
    if payment.state == Payment.State.PENDING:
        exceptions.open_one(MoneyException.Kind.SILENT, payment, "no final answer after six days", at=at)
    else:
        Payment.objects.filter(pk=payment.pk, state=Payment.State.INITIATED).update(
            state=Payment.State.FAILED, failure="never finished"
        )
