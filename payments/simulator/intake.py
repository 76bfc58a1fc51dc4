"""A merchant's form arrives: look at it as PayU does, and open a payment page."""

import re
from collections.abc import Mapping
from decimal import Decimal
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from core.errors import Conflict, DomainError, Invalid
from payments.simulator import signing
from payments.simulator.models import Transaction

LIMITS = {"txnid": 25, "productinfo": 100, "firstname": 60, "email": 50, "phone": 50, "surl": 500, "furl": 500}
OPTIONAL = {f"udf{number}": 255 for number in range(1, 6)}
AMOUNT = re.compile(r"\d{1,9}(\.\d{1,2})?\Z", re.ASCII)


class SecureHashFailure(Invalid):
    """E700, PayU's answer to a wrong hash or an unknown merchant key."""

    def __init__(self) -> None:
        super().__init__("E700", "SECURE_HASH_FAILURE: the merchant's request was not signed correctly.")


@transaction.atomic
def accept(form: Mapping[str, str]) -> Transaction:
    """The payment page of a signed form. The same open form posted again finds its page again.

    Raises SecureHashFailure, Invalid("bad_request"), Conflict("txnid_used").
    """
    if form.get("key") != settings.PAYU_MERCHANT_KEY or not signing.request_fits(form):
        raise SecureHashFailure
    facts = _facts(form)
    with_same = list(Transaction.objects.select_for_update().filter(txnid=form["txnid"]))
    if any(one.state in ("captured", "pending") for one in with_same):
        raise Conflict("txnid_used", "This transaction id was used before. The merchant must send a new one.")
    for one in with_same:
        if one.state == Transaction.State.STARTED and all(getattr(one, name) == facts[name] for name in facts):
            return one
    return Transaction.objects.create(**facts)


def _facts(form: Mapping[str, str]) -> dict[str, str | Decimal]:
    for name, limit in LIMITS.items():
        if not 0 < len(form.get(name, "")) <= limit:
            raise _bad(name)
    for name, limit in OPTIONAL.items():
        if len(form.get(name, "")) > limit:
            raise _bad(name)
    if any("\x00" in value for value in form.values()):
        raise _bad("text")
    if not AMOUNT.match(form.get("amount", "")) or Decimal(form["amount"]) < 1:
        raise _bad("amount")
    for name in ("surl", "furl"):
        if not is_web_address(form[name]):
            raise _bad(name)
    texts = {name: form.get(name, "") for name in (*LIMITS, *OPTIONAL)}
    return {**texts, "amount": Decimal(form["amount"]), "amount_text": form["amount"]}


def is_web_address(text: str) -> bool:
    """Absolute http or https, with a host."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _bad(name: str) -> DomainError:
    return Invalid("bad_request", f"The merchant's request cannot be read: {name}.")
