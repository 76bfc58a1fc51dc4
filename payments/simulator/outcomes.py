"""What the visitor chooses on the hosted page, and what follows from it."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from core.errors import Conflict, Invalid
from payments.simulator import deliveries, faults
from payments.simulator.models import Transaction

MODES = ("CC", "UPI")


@dataclass(frozen=True)
class Outcome:
    """One line of the list: `then` is how a pending payment ends, `copies` how often the server call is made."""

    code: str
    label: str
    note: str
    state: Transaction.State
    unmapped: str
    then: str = ""
    copies: int = 1
    returns: bool = True


State = Transaction.State
LIST = (
    Outcome("success", "Success", "Paid. You return to the merchant.", State.CAPTURED, "captured"),
    Outcome("failure", "Failure", "The bank refuses. You return to the merchant.", State.FAILED, "failed"),
    Outcome(
        "pending_success",
        "Pending, then success",
        "The bank takes its time, then pays.",
        State.PENDING,
        "pending",
        "success",
    ),
    Outcome(
        "pending_failure",
        "Pending, then failure",
        "The bank takes its time, then refuses.",
        State.PENDING,
        "pending",
        "failure",
    ),
    Outcome(
        "closed_tab",
        "Success, tab closed",
        "Paid. Only the server call tells the merchant.",
        State.CAPTURED,
        "captured",
        returns=False,
    ),
    Outcome(
        "duplicates",
        "Success, told three times",
        "Paid. You return, and three server calls arrive.",
        State.CAPTURED,
        "captured",
        copies=3,
    ),
    Outcome(
        "silent",
        "Success, nobody told",
        "Paid. No return, no server call: the merchant must ask.",
        State.CAPTURED,
        "captured",
        copies=0,
        returns=False,
    ),
    Outcome("cancelled", "Cancel", "You go back without paying.", State.FAILED, "userCancelled"),
)
OUTCOMES = {one.code: one for one in LIST}
FAILURES = {
    "failed": ("E308", "Transaction failed due to reasons at bank"),
    "userCancelled": ("E501", "Cancelled by user"),
    "dropped": ("E231", "Transaction dropped"),
}


@transaction.atomic
def choose(payment: Transaction, *, outcome: str, mode: str, at: datetime) -> Transaction:
    """Carry out the visitor's choice, once: a second click finds the payment where the first one left it.

    Raises Invalid("bad_choice").
    """
    if outcome not in OUTCOMES or mode not in MODES:
        raise Invalid("bad_choice", "Please choose how to pay and what shall happen.")
    locked = Transaction.objects.select_for_update().get(pk=payment.pk)
    if locked.state != State.STARTED:
        return locked
    chosen = OUTCOMES[outcome]
    locked.outcome, locked.mode = outcome, mode
    if chosen.state == State.PENDING:
        locked.state, locked.unmapped = State.PENDING, "pending"
        locked.resolve_at = at + timedelta(seconds=settings.PAYU_SIM_PENDING_SECONDS)
        locked.save()
    elif chosen.state == State.CAPTURED:
        capture(locked, at=at, copies=chosen.copies)
    else:
        fail(locked, unmapped=chosen.unmapped, at=at)
    return locked


def capture(payment: Transaction, *, at: datetime, copies: int = 1) -> None:
    """The money is taken. The row is locked by the caller. Raises Conflict("txnid_used")."""
    payment.state, payment.unmapped = State.CAPTURED, "captured"
    payment.surcharge = _surcharge()
    payment.bank_ref_num = f"{secrets.randbelow(10**12):012d}"
    try:
        with transaction.atomic():
            _settle(payment, at=at, copies=copies)
    except IntegrityError:
        raise Conflict("txnid_used", "This transaction id has been paid already.") from None


def fail(payment: Transaction, *, unmapped: str, at: datetime, tell: bool = True) -> None:
    """No money is taken. The row is locked by the caller."""
    payment.state, payment.unmapped = State.FAILED, unmapped
    payment.error_code, payment.error_message = FAILURES[unmapped]
    _settle(payment, at=at, copies=1 if tell else 0)


def _settle(payment: Transaction, *, at: datetime, copies: int) -> None:
    payment.settled_at, payment.resolve_at = at, None
    payment.save()
    deliveries.promise_payment(payment, copies=copies, at=at)


def _surcharge() -> Decimal:
    fault = faults.take("payment", "surcharge")
    return _amount(fault.params.get("amount")) if fault else Decimal("0.00")


def _amount(value: Any) -> Decimal:
    try:
        return Decimal(str(value)).quantize(Decimal("0.01"))
    except InvalidOperation:
        return Decimal("12.00")
