"""Refunds: ask once under a token, and find out later what became of it."""

import json
from decimal import Decimal
from typing import Any

from core.money import ZERO, money
from payments.gateways.base import GatewayRefused, GatewayUnclear, RefundAnswer
from payments.gateways.payu import payloads
from payments.gateways.payu.client import Client
from payments.gateways.payu.statuses import ACCEPTED, KNOWN_TOKEN, LATER, NEVER, refund_state
from payments.gateways.payu.text import one_line, plain

TOKEN_LIMIT = 23
MONEY_BACK = ("refund", "cancel", "")  # an authorised payment is cancelled, a captured one refunded


def ask(client: Client, *, gateway_id: str, token: str, amount: Decimal, remarks: str, notify_url: str) -> RefundAnswer:
    """Ask for `amount` rupees back. `queued` is all that a yes means. GatewayUnclear, GatewayRefused.

    `notify_url` gets PayU's unsigned notice; its docs disagree whether it may be left out.
    """
    exact = money(amount)
    if exact <= ZERO or not gateway_id or not 0 < len(token) <= TOKEN_LIMIT:
        raise GatewayRefused("This refund cannot be sent to PayU.", permanent=True)
    answer = client.call(
        "cancel_refund_transaction",
        gateway_id,
        var2=token,
        var3=f"{exact:.2f}",
        var5=notify_url,
        var9=json.dumps({"refundDetails": {"remarks": plain(remarks, 900)}}),
    )
    code = one_line(answer.get("error_code"), 10)
    if code == ACCEPTED:
        request_id = one_line(answer.get("request_id"), 40)
        return RefundAnswer("queued", request_id, one_line(answer.get("bank_ref_num"), 60), one_line(answer.get("msg")))
    return _not_accepted(client, answer, code, gateway_id, token)


def _not_accepted(client: Client, answer: dict[str, Any], code: str, gateway_id: str, token: str) -> RefundAnswer:
    message = one_line(answer.get("msg") or answer.get("message"), 200)
    if code in KNOWN_TOKEN or "token already" in message.lower():
        known = look_up(client, gateway_id=gateway_id, token=token)
        if known.state == "not_found":
            raise GatewayUnclear("PayU knows this refund token but shows no refund.")
        return known
    if not code and one_line(answer.get("status"), 5) != "0":
        raise GatewayUnclear("PayU's answer to a refund is neither yes nor no.")
    permanent = code in NEVER or (code not in LATER and any(word in message.lower() for word in ("hash", "merchant")))
    raise GatewayRefused(f"PayU refuses the refund: {message or code}", permanent=permanent, gateway_code=code)


def look_up(client: Client, *, gateway_id: str, token: str, request_id: str = "") -> RefundAnswer:
    """By request id when we have it; and by our token among all actions of the payment when that finds nothing."""
    if request_id:
        for row in _actions(client.call("check_action_status", request_id)):
            if _id(row) == request_id and _token(row) in (token, ""):
                return _answer(row)
    for row in _actions(client.call("check_action_status", gateway_id, var2="payuid")):
        if _token(row) == token:
            return _answer(row)
    return RefundAnswer("not_found", detail="No action status found")


def all_of(client: Client, txnid: str) -> dict[str, RefundAnswer]:
    """Every refund of one txnid, by our token. Empty when PayU knows none."""
    answer = client.call("getAllRefundsFromTxnIds", txnid)
    found = {_token(row): _answer(row) for row in payloads.rows(answer.get("Refund Details"))}
    if not found and "no refunds" not in one_line(answer.get("msg"), 200).lower():
        raise GatewayUnclear("PayU's list of refunds could not be read.")
    return found


def _actions(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """The money-back rows of an answer; nothing found is an empty list, anything else without rows is unclear."""
    found = list(payloads.rows(answer.get("transaction_details")))
    message = one_line(answer.get("msg"), 200).lower()
    if not found and not any(word in message for word in ("no action", "not found", "no record")):
        if any(word in message for word in ("hash", "merchant")):
            raise GatewayRefused(f"PayU refuses our credentials: {message}", permanent=True)
        raise GatewayUnclear("PayU's answer about a refund could not be read.")
    return [row for row in found if one_line(row.get("action"), 20).lower() in MONEY_BACK]


def _answer(row: dict[str, Any]) -> RefundAnswer:
    status = one_line(row.get("status") or row.get("Status"), 40)
    bank = row.get("bank_arn") or row.get("bank_ref_num") or row.get("bank_ref_no")
    return RefundAnswer(refund_state(status), _id(row), one_line(bank, 60), status)


def _id(row: dict[str, Any]) -> str:
    return one_line(row.get("request_id") or row.get("RequestID"), 40)


def _token(row: dict[str, Any]) -> str:
    return one_line(row.get("token") or row.get("RefundToken"), 40)
