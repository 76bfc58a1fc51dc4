"""How PayU writes a payment and a refund: result forms, webhooks and answers to commands."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from payments.simulator import signing
from payments.simulator.models import Refund, Transaction

ECHOED = ("txnid", "productinfo", "firstname", "email", "phone", "udf1", "udf2", "udf3", "udf4", "udf5")
MEANS = {"CC": {"bankcode": "CC", "cardnum": "401200XXXXXX1112"}, "UPI": {"bankcode": "UPI", "cardnum": ""}}


def result_form(payment: Transaction) -> dict[str, str]:
    """What the browser carries to surl or furl: signed, in PayU's field names."""
    means = MEANS.get(payment.mode, {"bankcode": "", "cardnum": ""})
    form = {
        "mihpayid": payment.mihpayid,
        "mode": payment.mode,
        "status": payment.status,
        "unmappedstatus": payment.unmapped,
        "key": settings.PAYU_MERCHANT_KEY,
        "amount": payment.amount_text,
        "discount": "0.00",
        "net_amount_debit": f"{debited(payment):.2f}",
        "addedon": local(payment.added_at),
        "lastname": "",
        **{name: getattr(payment, name) for name in ECHOED},
        **{f"udf{number}": "" for number in range(6, 11)},
        "field9": payment.error_message or "Transaction completed",
        "payment_source": "payu",
        "PG_TYPE": f"{payment.mode or 'NA'}-PG",
        "bank_ref_num": payment.bank_ref_num,
        "error": payment.error_code or "E000",
        "error_Message": payment.error_message or "No Error",
        **means,
    }
    if payment.surcharge:
        form["additionalCharges"] = f"{payment.surcharge:.2f}"
    return {**form, "hash": signing.result_hash(form)}


def webhook_form(payment: Transaction) -> dict[str, str]:
    """The server-to-server notice: the result form with both spellings of the bank's reference."""
    return {**result_form(payment), "bank_ref_no": payment.bank_ref_num}


def payment_row(payment: Transaction) -> dict[str, str | None]:
    """One entry of `transaction_details` in verify_payment."""
    return {
        "mihpayid": payment.mihpayid,
        "request_id": "",
        "bank_ref_num": payment.bank_ref_num or None,
        "amt": f"{payment.amount + payment.surcharge:.2f}",
        "transaction_amount": f"{payment.amount:.2f}",
        "txnid": payment.txnid,
        "additional_charges": f"{payment.surcharge:.2f}",
        "productinfo": payment.productinfo,
        "firstname": payment.firstname,
        "bankcode": MEANS.get(payment.mode, {}).get("bankcode", ""),
        **{f"udf{number}": getattr(payment, f"udf{number}") for number in range(1, 6)},
        "error_code": payment.error_code or "E000",
        "addedon": local(payment.added_at),
        "mode": payment.mode,
        "PG_TYPE": f"{payment.mode or 'NA'}-PG",
        "card_no": MEANS.get(payment.mode, {}).get("cardnum", ""),
        "net_amount_debit": f"{debited(payment):.2f}",
        "disc": "0.00",
        "status": payment.status,
        "unmappedstatus": payment.unmapped,
        "Merchant_UTR": None,
        "Settled_At": local(payment.settled_at) if payment.settled_at else "0000-00-00 00:00:00",
    }


def action_row(refund: Refund) -> dict[str, str | None]:
    """One entry of check_action_status."""
    return {
        "mihpayid": refund.transaction.mihpayid,
        "bank_ref_num": refund.bank_ref_num or None,
        "request_id": refund.request_id,
        "amt": f"{refund.amount:.2f}",
        "mode": refund.transaction.mode,
        "action": "refund",
        "token": refund.token,
        "status": refund.status,
        "bank_arn": refund.bank_arn or None,
        "settlement_id": None,
        "amount_settled": None,
        "UTR_no": None,
        "value_date": None,
        "refund_mode": "Back to Source",
    }


def capture_row(payment: Transaction) -> dict[str, str | None]:
    """The capture among the actions of a payment."""
    return {
        "mihpayid": payment.mihpayid,
        "bank_ref_num": payment.bank_ref_num,
        "request_id": f"12{payment.pk:08d}",
        "amt": f"{payment.amount:.2f}",
        "mode": payment.mode,
        "action": "capture",
        "token": "",
        "status": "SUCCESS",
        "bank_arn": None,
    }


def refund_line(refund: Refund) -> dict[str, str | None]:
    """One entry of getAllRefundsFromTxnIds, in its own spelling."""
    return {
        "PayuID": refund.transaction.mihpayid,
        "RequestID": refund.request_id,
        "RefundToken": refund.token,
        "PaymentGateway": f"{refund.transaction.mode}-PG",
        "Amount": f"{refund.amount:.2f}",
        "Status": refund.status,
        "RefundCreationDate": local(refund.asked_at),
        "bank_ref_no": refund.bank_ref_num or None,
        "bank_arn": refund.bank_arn or None,
        "success_at": local(refund.settled_at)
        if refund.status == Refund.Status.SUCCESS and refund.settled_at
        else None,
    }


def refund_notice(refund: Refund) -> dict[str, str]:
    """The refund event. PayU does not sign it."""
    return {
        "key": settings.PAYU_MERCHANT_KEY,
        "amt": f"{refund.amount:.2f}",
        "mihpayid": f" {refund.transaction.mihpayid} ",
        "request_id": refund.request_id,
        "token": refund.token,
        "merchantTxnId": refund.transaction.txnid,
        "status": "success" if refund.status == Refund.Status.SUCCESS else "failure",
        "action": "refund",
        "bank_arn": refund.bank_arn,
        "bank_ref_num": refund.bank_ref_num,
        "refund_mode": "1",
        "remark": refund.remarks[:200],
        "additionalValue1": "",
    }


def debited(payment: Transaction):  # type: ignore[no-untyped-def]
    """What left the customer's account."""
    return payment.amount + payment.surcharge if payment.state == Transaction.State.CAPTURED else 0


def local(moment: datetime) -> str:
    """PayU writes Indian time without an offset."""
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S")
