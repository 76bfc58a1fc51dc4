"""Money out. Promised in the transaction that decides it; carried out by a worker that asks before it tries again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from audit.record import changed
from core import work
from core.actors import SYSTEM, Actor
from core.crashpoints import crashpoint
from core.errors import Conflict
from core.money import ZERO, money, total
from core.references import random_code
from core.work import GiveUp, Later
from payments.domain import exceptions
from payments.domain.folio import Charge, lock, post
from payments.gateways import registry
from payments.gateways.base import Gateway, GatewayRefused, GatewayUnclear, RefundAnswer
from payments.models import Folio, FolioLine, MoneyException, Payment, Refund
from payments.signals import refund_failed, refund_settled

KIND = "refund"
SAFE_WAIT = timedelta(seconds=45)  # longer than a call to the gateway can be under way
PATIENCE = timedelta(hours=24)  # of unclear answers, then a person
BANK_PATIENCE = timedelta(days=10)


def promise(
    folio: Folio,
    amount: Decimal,
    *,
    reason: str,
    cause: str,
    by: Actor,
    at: datetime,
    only: Payment | None = None,
) -> list[Refund]:
    """Promise `amount` rupees back to source: newest captured payment first, never above what it still holds.

    Runs inside the transaction that decides. `cause` makes the promise unique: the same cause promised twice gives
    the first promise back. `only` takes the money out of one payment. Raises Conflict("refund_above_paid").
    """
    assert connection.in_atomic_block, "a refund is promised in the transaction that decides it"
    amount = money(amount)
    lock(folio)
    known = list(Refund.objects.filter(folio=folio, key__startswith=f"{folio.pk}:{cause}:"))
    if known or amount == ZERO:
        return known
    taken = Payment.objects.filter(folio=folio, state=Payment.State.CAPTURED, applied_at__isnull=False)
    payments = taken.select_for_update()
    if only is not None:
        payments = payments.filter(pk=only.pk)
    split = list(parts(payments.order_by("pk"), amount))
    if total(part for _, part in split) < amount:
        raise Conflict("refund_above_paid", "More cannot be given back than was paid.")
    return [_promise_one(folio, payment, part, reason, cause, by, at) for payment, part in split]


def parts(payments: Iterable[Payment], amount: Decimal) -> Iterator[tuple[Payment, Decimal]]:
    """How `amount` is split over captured payments: the newest first, never above what each still holds."""
    left = amount
    for payment in sorted(payments, key=lambda p: (p.captured_at, p.pk), reverse=True):
        part = min(left, payment.amount - payment.refund_reserved)
        if part > ZERO:
            yield payment, part
            left -= part


def _promise_one(
    folio: Folio, payment: Payment, amount: Decimal, reason: str, cause: str, by: Actor, at: datetime
) -> Refund:
    Payment.objects.filter(pk=payment.pk).update(refund_reserved=F("refund_reserved") + amount)
    refund = Refund.objects.create(
        key=f"{folio.pk}:{cause}:{payment.pk}",
        folio=folio,
        payment=payment,
        amount=amount,
        reason=reason,
        token=_token(at),
        due_at=at,
        created_at=at,
    )
    changed(folio.subject, "refund promised", by=by, at=at, reason=reason, amount=str(amount))
    work.ring(KIND, refund.pk)
    return refund


def _token(at: datetime) -> str:
    """Our name for one refund at the gateway: unique, at most 23 characters."""
    return f"RF{at:%y%m%d}{random_code(14)}"


def reserved(folio: Folio) -> Decimal:
    """Rupees promised back on this folio, paid out or not."""
    return sum(Refund.objects.filter(folio=folio).values_list("amount", flat=True), ZERO)


def keep(refund: Refund) -> None:
    """Carry one refund a step further. Any unclear answer leads to a question, never to a second refund."""
    adapter = registry.gateway(refund.payment.gateway)
    try:
        step = _send if refund.state == Refund.State.PROMISED else _ask
        answer = step(refund, adapter)
    except GatewayUnclear as error:
        _wait_or_give_up(refund, error)
    else:
        _take(refund, answer)


def _send(refund: Refund, adapter: Gateway) -> RefundAnswer:
    """First call: the state says so before the call leaves."""
    crashpoint("refund.before_sent")
    _write(refund, state=Refund.State.SENT, sent_at=timezone.now())
    crashpoint("refund.before_call")
    answer = _call(refund, adapter)
    crashpoint("refund.after_call")
    return answer


def _ask(refund: Refund, adapter: Gateway) -> RefundAnswer:
    """Later calls: look our token up; only when the gateway has never heard of it, send again, with the same token."""
    answer = adapter.refund_status(
        gateway_id=refund.payment.gateway_id, token=refund.token, request_id=refund.request_id
    )
    crashpoint("refund.after_status")
    if answer.state != "not_found":
        return answer
    if refund.state == Refund.State.WITH_BANK:
        raise Later(_pause(refund), "the gateway does not list the refund yet")
    if refund.sent_at and timezone.now() - refund.sent_at < SAFE_WAIT:
        raise Later(SAFE_WAIT.total_seconds(), "the first call may still be under way")
    _write(refund, sent_at=timezone.now())
    crashpoint("refund.before_resend")
    return _call(refund, adapter)


def _call(refund: Refund, adapter: Gateway) -> RefundAnswer:
    try:
        return adapter.refund(
            gateway_id=refund.payment.gateway_id,
            token=refund.token,
            amount=refund.amount,
            remarks=f"{refund.folio.subject.partition(':')[2]} {refund.reason}",
        )
    except GatewayRefused as error:
        known = adapter.refund_status(
            gateway_id=refund.payment.gateway_id, token=refund.token, request_id=refund.request_id
        )
        if known.state != "not_found":
            return known
        if error.permanent or timezone.now() - refund.created_at > PATIENCE:
            raise GiveUp(f"{error.gateway_code} {error.message}") from error
        raise Later(300, f"{error.gateway_code} {error.message}") from error


def _take(refund: Refund, answer: RefundAnswer) -> None:
    if answer.state == "done":
        _settle(refund, answer)
        return
    if answer.state == "failed":
        _write(refund, token_spent=True)
        raise GiveUp(f"the bank refused: {answer.detail}")
    if refund.state != Refund.State.WITH_BANK:
        _write(
            refund,
            state=Refund.State.WITH_BANK,
            request_id=answer.request_id or refund.request_id,
            with_bank_at=timezone.now(),
        )
        crashpoint("refund.after_accepted")
    raise Later(_pause(refund), answer.state)


def _settle(refund: Refund, answer: RefundAnswer) -> None:
    """The money fact, committed alone; fenced by the state, so that a second worker changes nothing."""
    at = timezone.now()
    crashpoint("refund.before_settle")
    with transaction.atomic(durable=True):
        row = Refund.objects.select_for_update().get(pk=refund.pk)
        transaction.on_commit(lambda: refund_settled.send(sender=Refund, refund_id=row.pk), robust=True)
        if row.state == Refund.State.DONE:
            return  # settled before a crash: the news goes out again, its receivers know it by its key
        row.state = Refund.State.DONE
        row.settled_at = at
        row.request_id = answer.request_id or row.request_id
        row.bank_reference = answer.bank_reference[:60]
        row.with_bank_at = row.with_bank_at or at
        row.save(update_fields=["state", "settled_at", "request_id", "bank_reference", "with_bank_at"])
        post(
            row.folio,
            [
                Charge(
                    key=f"refund:{row.pk}",
                    code="refund",
                    description="Refund to source",
                    amount=row.amount,
                    kind=FolioLine.Kind.REFUND,
                    why=row.reason,
                )
            ],
            at=at,
        )
        changed(row.folio.subject, "refund paid", by=SYSTEM, at=at, amount=str(row.amount), bank=row.bank_reference)
    crashpoint("refund.after_settle")


def _write(refund: Refund, **changes: object) -> None:
    """Write only while this attempt owns the row; a zombie worker stops here."""
    mine = Refund.objects.filter(pk=refund.pk, attempts=refund.attempts).exclude(state=Refund.State.DONE)
    if not mine.update(**changes):
        raise Later(5, "another worker has taken over")
    for name, value in changes.items():
        setattr(refund, name, value)


def _wait_or_give_up(refund: Refund, error: GatewayUnclear) -> None:
    if timezone.now() - refund.created_at > PATIENCE and refund.state != Refund.State.WITH_BANK:
        raise GiveUp("no clear answer for 24 hours") from error
    raise Later(min(5 * 2**refund.attempts, 600), f"unclear: {error.message}") from error


def _pause(refund: Refund) -> float:
    """Ask soon at first, then seldom: a bank takes days."""
    age = timezone.now() - (refund.with_bank_at or timezone.now())
    if age > BANK_PATIENCE:
        raise GiveUp("with the bank for ten days")
    for limit, seconds in ((60, 3), (600, 30), (3600, 300), (86400, 1800)):
        if age.total_seconds() < limit:
            return seconds
    return 6 * 3600


def died(refund: Refund) -> None:
    """The promise needs a person: finance sees it, the guest is told that it takes longer."""
    Refund.objects.filter(pk=refund.pk).exclude(state=Refund.State.DONE).update(state=Refund.State.FAILED)
    exceptions.open_one(
        MoneyException.Kind.REFUND_FAILED, refund.payment, f"refund of {refund.amount}", at=timezone.now()
    )
    transaction.on_commit(lambda: refund_failed.send(sender=Refund, refund_id=refund.pk), robust=True)


def retry(refund: Refund, *, by: Actor, at: datetime) -> None:
    """A person tries a failed refund again.

    Where the gateway has said no for good, a new token begins anew; else it is asked about the old one first.
    Raises Conflict("not_failed").
    """
    with transaction.atomic():
        row = Refund.objects.select_for_update().get(pk=refund.pk)
        if row.state != Refund.State.FAILED:
            raise Conflict("not_failed", "Only a failed refund can be tried again.")
        row.state = Refund.State.SENT
        if row.token_spent:
            row.state, row.token, row.token_spent, row.request_id = Refund.State.PROMISED, _token(at), False, ""
        row.save(update_fields=["state", "token", "token_spent", "request_id"])
        work.revive(refund, at=at)
        changed(refund.folio.subject, "refund tried again", by=by, at=at, amount=str(refund.amount))
        work.ring(KIND, refund.pk)


work.Registry.add(KIND, Refund, keep, died)
