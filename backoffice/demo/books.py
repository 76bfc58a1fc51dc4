"""The money of the drafted stays: folio lines, payments, refunds, and the same in the books of the sandbox gateway."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings

from backoffice.demo.drafts import Draft, Paid
from backoffice.demo.write import BATCH, Written
from bookings.domain.placing import charges_of
from bookings.states import State
from core.money import ZERO
from core.work import WorkState
from payments.domain.folio import Charge
from payments.models import Folio, FolioLine, Payment, Refund

REASONS = {
    State.CANCELLED: "cancelled",
    State.NOT_SUITABLE: "not possible",
    State.NO_SHOW: "no-show",
    State.EXPIRED: "hold expired",
}
YOUNG = timedelta(days=2)  # a refund as young as this is still to be carried out, by the demo's own worker


def write_money(written: list[Written], *, now: datetime) -> None:
    """Everything on the folios. Balances come out as the domain leaves them: zero at the end, the rest before."""
    payments = [_payment(row, paid) for row in written for paid in row.draft.payments]
    Payment.objects.bulk_create(payments, batch_size=BATCH)
    pairs = list(zip(payments, [paid for row in written for paid in row.draft.payments], strict=True))
    refunds = Refund.objects.bulk_create(
        [_refund(payment, paid, row, now) for (payment, paid), row in _with_row(pairs, written) if paid.back],
        batch_size=BATCH,
    )
    lines = [line for row in written for line in _sold(row)]
    lines += [line for row in written for line in _ended(row)]
    lines += [_payment_line(payment) for payment in payments]
    lines += [_refund_line(refund) for refund in refunds if refund.state == Refund.State.DONE]
    FolioLine.objects.bulk_create(sorted(lines, key=lambda line: line.posted_at), batch_size=BATCH)
    if settings.SANDBOX_GATEWAY:
        _tell_gateway(payments, refunds)


def _with_row(
    pairs: list[tuple[Payment, Paid]], written: list[Written]
) -> Iterable[tuple[tuple[Payment, Paid], Written]]:
    rows = {row.booking.folio_id: row for row in written}
    return ((pair, rows[pair[0].folio_id]) for pair in pairs)


def line(folio: Folio, charge: Charge, at: datetime) -> FolioLine:
    """A folio line as `payments.domain.folio.post` writes it."""
    return FolioLine(
        folio=folio,
        kind=charge.kind,
        code=charge.code,
        description=charge.description,
        quantity=charge.quantity,
        unit_amount=charge.amount if charge.unit_amount is None else charge.unit_amount,
        amount=charge.amount,
        taxable=charge.taxable,
        gst_rate=charge.gst_rate,
        cgst=charge.cgst,
        sgst=charge.sgst,
        round_off=charge.round_off,
        why=charge.why,
        key=f"{folio.pk}:{charge.key}",
        posted_at=at,
    )


def _sold(row: Written) -> Iterable[FolioLine]:
    for charge in charges_of(row.draft.priced):
        yield line(row.booking.folio, charge, row.draft.times.created)


def _ended(row: Written) -> Iterable[FolioLine]:
    """An early end takes the stay off the bill and puts on what the house keeps."""
    one, why = row.draft, REASONS.get(row.draft.state)
    if why is None or one.times.ended is None:
        return
    off = Charge(
        key="ended:reversal",
        code="reversal",
        description="Stay taken off the bill",
        amount=-one.priced.total,
        kind=FolioLine.Kind.ADJUSTMENT,
        why=why,
    )
    yield line(row.booking.folio, off, one.times.ended)
    if one.kept > ZERO:
        kept = Charge(
            key="ended:kept", code="cancellation-charge", description="Cancellation charge", amount=one.kept, why=why
        )
        yield line(row.booking.folio, kept, one.times.ended)


def _payment(row: Written, paid: Paid) -> Payment:
    one: Draft = row.draft
    return Payment(
        public_id=one.uuid(),
        folio=row.booking.folio,
        gateway="payu",
        txnid=f"PW{paid.at:%y%m%d}{one.code(12)}",
        milestone=paid.milestone,
        amount=paid.amount,
        state=Payment.State.CAPTURED,
        gateway_id=f"403993{one.rng.randrange(10**12):012d}",
        mode=paid.mode,
        bank_reference=f"{one.rng.randrange(10**12):012d}",
        created_at=paid.at - timedelta(minutes=2),
        captured_at=paid.at,
        applied_at=paid.at,
        refund_reserved=paid.back,
    )


def _payment_line(payment: Payment) -> FolioLine:
    assert payment.captured_at is not None
    charge = Charge(
        key=f"payment:{payment.pk}",
        code="payment",
        description=f"Payment received ({payment.gateway}, {payment.mode})",
        amount=-payment.amount,
        kind=FolioLine.Kind.PAYMENT,
        why=payment.txnid,
    )
    return line(payment.folio, charge, payment.captured_at)


def _refund(payment: Payment, paid: Paid, row: Written, now: datetime) -> Refund:
    one = row.draft
    at = one.times.ended
    assert at is not None
    settled = at + timedelta(hours=one.rng.randint(20, 46))
    refund = Refund(
        public_id=one.uuid(),
        key=f"{payment.folio_id}:ended:{payment.pk}",
        folio=payment.folio,
        payment=payment,
        amount=paid.back,
        reason=REASONS[one.state],
        token=f"RF{at:%y%m%d}{one.code(14)}",
        due_at=at,
        created_at=at,
    )
    if at < now - YOUNG:
        refund.state, refund.work_state, refund.attempts = Refund.State.DONE, WorkState.DONE, 3
        refund.request_id = f"13{one.rng.randrange(10**8):08d}"
        refund.bank_reference = f"{one.rng.randrange(10**12):012d}"
        refund.sent_at = at + timedelta(seconds=2)
        refund.with_bank_at = at + timedelta(seconds=4)
        refund.settled_at = refund.done_at = settled
    return refund


def _refund_line(refund: Refund) -> FolioLine:
    assert refund.settled_at is not None
    charge = Charge(
        key=f"refund:{refund.pk}",
        code="refund",
        description="Refund to source",
        amount=refund.amount,
        kind=FolioLine.Kind.REFUND,
        why=refund.reason,
    )
    return line(refund.folio, charge, refund.settled_at)


def _tell_gateway(payments: list[Payment], refunds: list[Refund]) -> None:
    """The sandbox gateway knows these payments too, so that a demo stay can be refunded like any other."""
    from payments.simulator.models import Refund as Returned
    from payments.simulator.models import Transaction

    made = Transaction.objects.bulk_create(
        [
            Transaction(
                mihpayid=payment.gateway_id,
                txnid=payment.txnid,
                amount=payment.amount,
                amount_text=f"{payment.amount:.2f}",
                productinfo="Stay",
                firstname=payment.folio.payer_name[:60],
                email=payment.folio.payer_email[:50],
                phone=payment.folio.payer_phone,
                udf1=payment.folio.subject.partition(":")[2],
                udf2=payment.milestone,
                surl=f"{settings.SITE_URL}/payments/payu/return",
                furl=f"{settings.SITE_URL}/payments/payu/return",
                state=Transaction.State.CAPTURED,
                unmapped="captured",
                outcome="success",
                mode=payment.mode,
                bank_ref_num=payment.bank_reference,
                added_at=payment.created_at,
                settled_at=payment.captured_at,
            )
            for payment in payments
        ],
        batch_size=BATCH,
    )
    known = {payment.pk: transaction for payment, transaction in zip(payments, made, strict=True)}
    Returned.objects.bulk_create(
        [
            Returned(
                transaction=known[refund.payment_id],
                request_id=refund.request_id,
                token=refund.token,
                amount=refund.amount,
                status=Returned.Status.SUCCESS,
                bank_ref_num=refund.bank_reference,
                asked_at=refund.created_at,
                step_at=refund.settled_at,
                settled_at=refund.settled_at,
            )
            for refund in refunds
            if refund.state == Refund.State.DONE
        ],
        batch_size=BATCH,
    )
