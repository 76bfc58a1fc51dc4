"""Reading verify_payment and check_payment."""

from typing import Any

from payments.gateways.base import GatewayRefused, GatewayUnclear, Verified
from payments.gateways.payu import payloads
from payments.gateways.payu.statuses import payment_outcome
from payments.gateways.payu.text import one_line

NOT_FOUND = "not found"


def read(answer: dict[str, Any], txnid: str) -> Verified:
    """PayU's word about `txnid`. An answer about nothing or about another txnid is unclear; a bare no is a refusal."""
    row = _row(answer, txnid)
    if row is None:
        return _without_row(answer, txnid)
    status = one_line(row.get("status"), 40)
    if NOT_FOUND in (status.lower(), one_line(row.get("mihpayid"), 40).lower()):
        return Verified("not_found", txnid)
    if one_line(row.get("txnid") or txnid, 60) != txnid:
        raise GatewayUnclear("PayU answered about another payment.")
    return Verified(
        outcome=payment_outcome(one_line(row.get("unmappedstatus"), 40), status),
        txnid=txnid,
        gateway_id=one_line(row.get("mihpayid"), 40),
        amount=payloads.asked_amount(row),
        mode=one_line(row.get("mode"), 20),
        bank_reference=one_line(row.get("bank_ref_num") or row.get("bank_ref_no"), 60),
        masked=payloads.masked(row),
    )


def _row(answer: dict[str, Any], txnid: str) -> dict[str, Any] | None:
    details = answer.get("transaction_details")
    if isinstance(details, dict) and isinstance(details.get(txnid), dict):
        found: dict[str, Any] = details[txnid]
        return found
    for row in payloads.rows(details):
        if one_line(row.get("txnid"), 60) == txnid:
            return row
    return None


def _without_row(answer: dict[str, Any], txnid: str) -> Verified:
    """No record came. "Not found" in the message means so; another outer status 0 is about our key or hash."""
    message = one_line(answer.get("msg"), 200)
    refused = one_line(answer.get("status"), 5) == "0"
    if refused and ("0 out of 1" in message.lower() or NOT_FOUND in message.lower()):
        return Verified("not_found", txnid)
    if refused and any(word in message.lower() for word in ("hash", "key", "merchant")):
        raise GatewayRefused(f"PayU refuses our credentials: {message}", permanent=True)
    raise GatewayUnclear("PayU's answer names no payment.")
