"""merchant/postservice.php: PayU's commands, in PayU's irregular shapes."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings

from payments.simulator import faults, records, refunds, signing
from payments.simulator.models import Refund, Transaction

Answer = dict[str, Any]
NO_ACTION = {"status": 0, "msg": "No action status found"}


def answer(form: Mapping[str, str], *, at: datetime) -> Answer:
    """What PayU says to a posted command."""
    if form.get("key") != settings.PAYU_MERCHANT_KEY:
        return {"status": 0, "msg": "Invalid merchant key"}
    if not signing.command_fits(form):
        return {"status": 0, "msg": "Invalid Hash."}
    run = COMMANDS.get(form.get("command", ""))
    return run(form, at) if run else {"status": 0, "msg": "Invalid command"}


def verify_payment(form: Mapping[str, str], at: datetime) -> Answer:
    """Up to 25 txnids, with a pipe between them."""
    wanted = form.get("var1", "").split("|")[:25]
    rows = {txnid: _payment(txnid) for txnid in wanted}
    found = sum(row["mihpayid"] != "Not Found" for row in rows.values())
    message = f"{found} out of {len(wanted)} Transactions Fetched Successfully"
    return {"status": 1 if found else 0, "msg": message, "transaction_details": rows}


def _payment(txnid: str) -> Answer:
    with_txnid = Transaction.objects.filter(txnid=txnid)
    payment = with_txnid.filter(state="captured").first() or with_txnid.first()
    if payment is None:
        return {"mihpayid": "Not Found", "status": "Not Found"}
    return _bent(records.payment_row(payment))


def _bent(row: Answer) -> Answer:
    """The row, or what a scripted fault makes of it."""
    if fault := faults.take("verify_payment", "wrong_amount"):
        wrong = str(fault.params.get("amount", "1.00"))
        row = {**row, "amt": wrong, "transaction_amount": wrong, "net_amount_debit": wrong}
    if fault := faults.take("verify_payment", "wrong_status"):
        words = {name: str(fault.params[name]) for name in ("status", "unmappedstatus") if name in fault.params}
        row = {**row, **(words or {"status": "failure", "unmappedstatus": "failed"})}
    return row


def check_payment(form: Mapping[str, str], at: datetime) -> Answer:
    """The same record by PayU's own id."""
    payment = Transaction.objects.filter(mihpayid=form.get("var1", "")).first()
    if payment is None:
        return {"status": 0, "msg": "Transaction not found"}
    return {"status": 1, "msg": "Transaction Fetched Successfully", "transaction_details": records.payment_row(payment)}


def cancel_refund_transaction(form: Mapping[str, str], at: datetime) -> Answer:
    """Queue a refund, or say no with PayU's number."""
    mihpayid = form.get("var1", "")
    if fault := faults.take("cancel_refund_transaction", "refused"):
        return _no(mihpayid, int(fault.params.get("code", 105)), "Refused by script")
    try:
        refund = refunds.ask(
            mihpayid,
            token=form.get("var2", ""),
            amount=form.get("var3", ""),
            remarks=_remarks(form.get("var9", "")),
            at=at,
        )
    except refunds.Refused as refused:
        return _no(mihpayid, refused.code, refused.message)
    return {
        "status": 1,
        "msg": "Refund Request Queued",
        "request_id": refund.request_id,
        "bank_ref_num": None,
        "mihpayid": mihpayid,
        "error_code": 102,
    }


def _no(mihpayid: str, code: int, message: str) -> Answer:
    return {"status": 0, "msg": message, "error_code": code, "mihpayid": mihpayid}


def _remarks(text: str) -> str:
    try:
        details = json.loads(text)["refundDetails"]
        return str(details["remarks"])
    except (ValueError, KeyError, TypeError):
        return ""


def check_action_status(form: Mapping[str, str], at: datetime) -> Answer:
    """One refund by request id, or all actions of a payment when var2 is payuid."""
    wanted, refund_rows = form.get("var1", ""), Refund.objects.select_related("transaction")
    if form.get("var2") == "payuid":
        payment = Transaction.objects.filter(mihpayid=wanted, state="captured").first()
        rows = [records.action_row(one) for one in refund_rows.filter(transaction__mihpayid=wanted)]
        rows += [records.capture_row(payment)] if payment else []
    else:
        rows = [records.action_row(one) for one in refund_rows.filter(request_id=wanted)]
    if not rows:
        return NO_ACTION
    details = {wanted: {row["request_id"]: row for row in rows}}
    return {"status": 1, "msg": f"{len(rows)} out of {len(rows)} Transactions Fetched", "transaction_details": details}


def get_all_refunds(form: Mapping[str, str], at: datetime) -> Answer:
    """Every refund of a txnid, by PayU's id."""
    by_payment: dict[str, list[Answer]] = {}
    for refund in Refund.objects.select_related("transaction").filter(transaction__txnid=form.get("var1", "")):
        by_payment.setdefault(refund.transaction.mihpayid, []).append(records.refund_line(refund))
    if not by_payment:
        return {"status": 1, "msg": "No Refunds Found for the given transaction"}
    return {"status": 1, "msg": "Refunds Fetched Successfully", "Refund Details": by_payment}


def get_settlement_details(form: Mapping[str, str], at: datetime) -> Answer:
    """Captures and refunds that were settled on a day (YYYY-MM-DD, Indian time). Fees are nil here."""
    try:
        day = date.fromisoformat(form.get("var1", ""))
    except ValueError:
        return {"status": 0, "msg": "Invalid date"}
    captured = Transaction.objects.filter(state="captured", settled_at__date=day)
    returned = Refund.objects.select_related("transaction").filter(status="SUCCESS", settled_at__date=day)
    rows = [_settled(one, one.amount, "capture", "", one.settled_at) for one in captured]
    rows += [_settled(one.transaction, one.amount, "refund", one.request_id, one.settled_at) for one in returned]
    return {"status": 1, "msg": f"{len(rows)} transactions settled on {day}", "Txn_details": rows}


def _settled(payment: Transaction, amount: Any, action: str, request_id: str, moment: datetime | None) -> Answer:
    sign = "-" if action == "refund" else ""
    when = records.local(moment) if moment else ""
    return {
        "payuid": payment.mihpayid,
        "txnid": payment.txnid,
        "txndate": records.local(payment.added_at),
        "mode": payment.mode,
        "amount": f"{payment.amount:.2f}",
        "requestid": request_id,
        "requestdate": when,
        "requestaction": action,
        "requestamount": f"{amount:.2f}",
        "mer_utr": f"SIM{when[:10].replace('-', '')}",
        "mer_service_fee": "0.00",
        "mer_service_tax": "0.00",
        "mer_net_amount": f"{sign}{amount:.2f}",
        "cgst": "0.00",
        "sgst": "0.00",
        "igst": "0.00",
    }


COMMANDS = {
    "verify_payment": verify_payment,
    "check_payment": check_payment,
    "cancel_refund_transaction": cancel_refund_transaction,
    "check_action_status": check_action_status,
    "getAllRefundsFromTxnIds": get_all_refunds,
    "get_settlement_details": get_settlement_details,
}
