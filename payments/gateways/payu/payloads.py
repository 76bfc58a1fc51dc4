"""What PayU posts and answers, as plain text: signed fields read strictly, the rest leniently, cards masked."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from core.errors import Invalid
from core.money import ZERO, money
from payments.gateways.base import ForgedCallback
from payments.gateways.payu.hashes import ECHOED, LONGEST, UDFS
from payments.gateways.payu.text import one_line

SIGNED = (*ECHOED, *UDFS, "key", "status", "hash", "additionalCharges", "additional_charges", "splitInfo")
NEEDED = ("key", "txnid", "amount", "status", "hash")
AMOUNT = re.compile(r"[0-9]{1,10}(\.[0-9]{1,2})?\Z")
KEPT = {
    *("mihpayid", "txnid", "status", "unmappedstatus", "mode", "productinfo", "addedon", *UDFS),
    *("amount", "amt", "transaction_amount", "net_amount_debit", "discount", "disc"),
    *("additionalCharges", "additional_charges", "bankcode", "PG_TYPE", "payment_source", "cardCategory"),
    *("card_no", "cardnum", "bank_ref_num", "bank_ref_no", "bank_arn", "Settled_At", "Merchant_UTR"),
    *("error", "error_code", "error_Message", "error_message", "field9", "remark"),
    *("request_id", "token", "action", "refund_mode", "merchantTxnId"),
    *("type", "event", "cb_id", "txn_id", "cb_amount", "cb_status", "due_date"),
}
CARD_FIELDS = ("card_no", "cardnum")
LONG_NUMBER = re.compile(r"\d(?:[ -]?\d){12,18}")
FREE_TEXT = ("error_Message", "error_message", "field9", "remark", "productinfo")


def posted(fields: Mapping[str, object]) -> dict[str, str]:
    """The posted form or JSON object as text. A signed field that is repeated, a list, a number … is refused."""
    texts: dict[str, str] = {}
    for name in fields:
        value = _single(fields, name)
        if isinstance(value, str):
            texts[name] = value
        elif name in SIGNED and value is not None:
            raise ForgedCallback(reason="shape")
        elif isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            texts[name] = str(value)
    # PHP reads `amount[]` as an array called amount; such a form is not PayU's.
    if any(str(name).partition("[")[0] in SIGNED for name in fields if "[" in str(name)):
        raise ForgedCallback(reason="shape")
    if not all(texts.get(name) for name in NEEDED):
        raise ForgedCallback(reason="missing")
    if any(len(texts.get(name, "")) > LONGEST for name in SIGNED):
        raise ForgedCallback(reason="length")
    return texts


def _single(fields: Mapping[str, object], name: str) -> object:
    """A QueryDict keeps all values of a repeated field; one is right, several are an array."""
    getlist = getattr(fields, "getlist", None)
    if getlist is None:
        return fields[name]
    values = getlist(name)
    return values[0] if len(values) == 1 else values


def rupees(value: object) -> Decimal | None:
    """The amount in a foreign answer (text or number), or None when there is none that makes sense."""
    text = one_line(value, 40).replace(",", "")
    if not text or not AMOUNT.match(text):
        return None
    try:
        return money(text)
    except Invalid:
        return None


def asked_amount(row: Mapping[str, Any]) -> Decimal:
    """What the merchant asked for, out of a verify_payment row; 0.00 when its figures contradict each other.

    `transaction_amount` is the asked amount; `amt` and `net_amount_debit` may carry PayU's surcharge or discount.
    Before money moved, a debit of 0 says nothing.
    """
    asked = rupees(row.get("transaction_amount"))
    stated = rupees(row.get("amt"))
    debited = rupees(row.get("net_amount_debit"))
    if debited == ZERO and one_line(row.get("status"), 20).lower() != "success":
        debited = None
    extra = rupees(row.get("additional_charges")) or rupees(row.get("additionalCharges")) or ZERO
    off = rupees(row.get("disc")) or rupees(row.get("discount")) or ZERO
    base = asked if asked is not None else stated
    if base is None:
        return ZERO
    explained = {base, base + extra, base - off, base + extra - off}
    others = [amount for amount in (stated, debited) if amount is not None]
    return base if all(amount in explained for amount in others) else ZERO


def masked(row: Mapping[str, Any]) -> dict[str, str]:
    """The part of a notice or answer that we keep: no personal data, of a card the last four digits."""
    kept: dict[str, str] = {}
    for name, value in row.items():
        if name not in KEPT or value in (None, "") or isinstance(value, (dict, list)):
            continue
        text = one_line(value)
        if name in CARD_FIELDS:
            text = _last_four(text)
        elif name in FREE_TEXT:
            text = LONG_NUMBER.sub(lambda match: _last_four(match[0]), text)
        kept[name] = text
    return kept


def _last_four(text: str) -> str:
    last = "".join(char for char in text if char.isdigit())[-4:]
    return f"xxxx{last}" if len(text) > 4 else "xxxx"


def rows(answer: object, *, depth: int = 4) -> Iterator[dict[str, Any]]:
    """The records inside PayU's maps keyed by id, lists, or maps of maps, whichever way it nests them today."""
    if depth < 0:
        return
    if isinstance(answer, list):
        for entry in answer:
            yield from rows(entry, depth=depth - 1)
    elif isinstance(answer, dict):
        if any(name.lower() in ("status", "request_id", "requestid", "mihpayid") for name in answer):
            yield answer
        else:
            for entry in answer.values():
                yield from rows(entry, depth=depth - 1)
