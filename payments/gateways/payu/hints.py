"""Refund and dispute notices. PayU sends them as JSON without any hash: a hint where to look, never a fact."""

from collections.abc import Mapping

from payments.gateways.base import Hint
from payments.gateways.payu.payloads import masked
from payments.gateways.payu.text import one_line


def read(fields: Mapping[str, object], *, key: str) -> Hint | None:
    """The hint in a posted notice, or None when it is no refund or dispute, or names another merchant."""
    named = one_line(fields.get("key"), 60)
    if named and named != key:
        return None
    if one_line(fields.get("action"), 20).lower() == "refund":
        return Hint(
            kind="refund",
            gateway_id=_compact(fields.get("mihpayid")),
            txnid=one_line(fields.get("merchantTxnId"), 25),
            token=one_line(fields.get("token"), 23),
            request_id=_compact(fields.get("request_id")),
            masked=masked(fields),
        )
    if one_line(fields.get("event"), 20).lower() == "dispute":
        return Hint(kind="dispute", txnid=one_line(fields.get("txn_id"), 25), masked=masked(fields))
    return None


def _compact(value: object) -> str:
    """PayU's id in a notice may hold blanks."""
    return "".join(one_line(value, 60).split())[:40]
