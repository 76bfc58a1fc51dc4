"""Refund requests, with PayU's refusals."""

from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Sum

from payments.simulator import faults
from payments.simulator.models import Refund, Transaction

SAME_AMOUNT = timedelta(minutes=5)
LONGEST_TOKEN = 23


class Refused(Exception):
    """PayU's no: `code` is PayU's number."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def ask(mihpayid: str, *, token: str, amount: str, remarks: str, at: datetime) -> Refund:
    """Queue a refund of `amount` rupees. Raises Refused(105, 106, 111, 116, 214, 255)."""
    try:
        with transaction.atomic():
            return _ask(mihpayid, token, _rupees(amount), remarks, at)
    except IntegrityError:
        raise Refused(106, "token already used or request pending") from None


def _ask(mihpayid: str, token: str, amount: Decimal, remarks: str, at: datetime) -> Refund:
    if not 0 < len(token) <= LONGEST_TOKEN:
        raise Refused(255, "Invalid token length")
    payment = Transaction.objects.select_for_update().filter(mihpayid=mihpayid).first()
    if payment is None:
        raise Refused(116, "Transaction not found")
    if Refund.objects.filter(token=token).exists():
        raise Refused(106, "token already used or request pending")
    if payment.state != Transaction.State.CAPTURED:
        raise Refused(111, "Invalid transaction status for refund")
    alive = payment.refunds.exclude(status=Refund.Status.FAILURE)
    if amount <= 0 or amount > held(payment):
        raise Refused(105, "Invalid amount")
    if alive.filter(amount=amount, asked_at__gt=at - SAME_AMOUNT).exists():
        raise Refused(214, "A refund of the same amount was requested within 5 minutes")
    return Refund.objects.create(
        transaction=payment,
        token=token,
        amount=amount,
        remarks=remarks[:1024],
        asked_at=at,
        step_at=at + timedelta(seconds=settings.PAYU_SIM_REFUND_SECONDS / 2),
        will_fail=faults.take("refund", "fail") is not None,
    )


def held(payment: Transaction) -> Decimal:
    """What can still be given back, in rupees."""
    alive = payment.refunds.exclude(status=Refund.Status.FAILURE)
    return payment.amount - (alive.aggregate(sum=Sum("amount"))["sum"] or Decimal("0.00"))


def _rupees(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise Refused(105, "Invalid amount") from None
    if not amount.is_finite() or abs(amount) > 10**9 or amount != amount.quantize(Decimal("0.01")):
        raise Refused(105, "Invalid amount")
    return amount
