"""PayU behind the interface of `payments.gateways.base`."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlsplit

from core.errors import Invalid
from core.money import money
from payments.gateways.base import AttemptFacts, Callback, Checkout, ForgedCallback, Hint, RefundAnswer, Verified
from payments.gateways.payu import hashes, hints, payloads, refunds, text, verification
from payments.gateways.payu.client import Client
from payments.gateways.payu.statuses import CLAIMS

NO_PHONE = "0000000000"  # PayU insists on digits; a guest may book without a number

TXNID_LIMIT = 25
FIRST_NAME_LIMIT = 20  # PayU's test site takes 20, live 60: the shorter suits both
LEAST = Decimal("1.00")  # cards and UPI


@dataclass(frozen=True)
class PayU:
    """One merchant account. `salts`: the first signs what we send, all are accepted on callbacks (rotation)."""

    key: str
    salts: tuple[str, ...]
    payment_url: str
    command_url: str
    notify_url: str
    fallback_email: str
    split_hashed: bool = False
    connect_seconds: float = 5
    read_seconds: float = 30
    code: str = "payu"

    def checkout(self, facts: AttemptFacts) -> Checkout:
        """The form that the guest's browser posts to PayU. Raises Invalid("cannot_pay") or Invalid("bad_amount")."""
        fields = {"key": self.key, **_form(facts, self.fallback_email)}
        try:
            fields["hash"] = hashes.request_hash(fields, key=self.key, salt=self.salts[0])
        except hashes.Unhashable as error:
            raise Invalid("cannot_pay", "This payment cannot be sent to PayU.", field=str(error)) from None
        return Checkout("form_post", self.payment_url, fields)

    def read_callback(self, fields: Mapping[str, object]) -> Callback:
        """A result form (surl, furl) or payment webhook whose signature is right. Raises ForgedCallback."""
        texts = payloads.posted(fields)
        if not hmac.compare_digest(texts["key"].encode(errors="replace"), self.key.encode()):
            raise ForgedCallback(reason="key")
        if not hashes.is_genuine(texts, key=self.key, salts=self.salts, split_hashed=self.split_hashed):
            raise ForgedCallback(reason="hash")
        return self._callback(texts)

    def _callback(self, texts: dict[str, str]) -> Callback:
        status, amount = texts["status"], payloads.rupees(texts["amount"])
        claimed = CLAIMS.get(status)
        if claimed is None or amount is None:
            raise ForgedCallback(reason="content")
        gateway_id = text.one_line(texts.get("mihpayid"), 40)
        return Callback(
            txnid=texts["txnid"],
            claimed=claimed,
            gateway_id=gateway_id,
            amount=amount,
            event_key=f"{texts['txnid']}:{status}:{texts['hash'][:32]}"[:120],
            masked=payloads.masked(texts),
        )

    def read_hint(self, fields: Mapping[str, object]) -> Hint | None:
        """A refund or dispute notice. PayU does not sign these: only a reason to ask. None when it is neither."""
        return hints.read(fields, key=self.key)

    def verify(self, txnid: str) -> Verified:
        """verify_payment for one txnid. Raises GatewayUnclear, GatewayRefused."""
        return verification.read(self._client().call("verify_payment", txnid), txnid)

    def refund(self, *, gateway_id: str, token: str, amount: Decimal, remarks: str) -> RefundAnswer:
        """cancel_refund_transaction under our stored token. A token PayU knows already is looked up, not asked anew."""
        return refunds.ask(
            self._client(),
            gateway_id=gateway_id,
            token=token,
            amount=amount,
            remarks=remarks,
            notify_url=self.notify_url,
        )

    def refund_status(self, *, gateway_id: str, token: str, request_id: str = "") -> RefundAnswer:
        """check_action_status by request id when it is known, else among all actions of the payment by our token."""
        return refunds.look_up(self._client(), gateway_id=gateway_id, token=token, request_id=request_id)

    def refunds_of(self, txnid: str) -> dict[str, RefundAnswer]:
        """getAllRefundsFromTxnIds: every refund of one txnid, by token."""
        return refunds.all_of(self._client(), txnid)

    def _client(self) -> Client:
        return Client(
            url=self.command_url,
            key=self.key,
            salt=self.salts[0],
            connect_seconds=self.connect_seconds,
            read_seconds=self.read_seconds,
        )


def _form(facts: AttemptFacts, fallback_email: str) -> dict[str, str]:
    amount = money(facts.amount)
    udf = [text.plain(value, 255) for value in facts.udf]
    if (
        amount < LEAST
        or not 0 < len(facts.txnid) <= TXNID_LIMIT
        or text.plain(facts.txnid, TXNID_LIMIT) != facts.txnid
        or len(udf) > len(hashes.UDFS)
        or udf != list(facts.udf)
    ):
        raise Invalid("cannot_pay", "This payment cannot be sent to PayU.")
    target = urlsplit(facts.return_url)
    if target.scheme not in ("http", "https") or not target.netloc:
        raise Invalid("cannot_pay", "The return address must be absolute.")
    return {
        "txnid": facts.txnid,
        "amount": f"{amount:.2f}",
        "productinfo": text.plain(facts.product, 100) or "Stay",
        "firstname": text.plain(facts.first_name, FIRST_NAME_LIMIT) or "Guest",
        "email": text.address(facts.email, 50, otherwise=fallback_email),
        "phone": text.digits(facts.phone, 50) or NO_PHONE,
        "surl": facts.return_url,
        "furl": facts.return_url,
        **dict(zip(hashes.UDFS, [*udf, *[""] * (len(hashes.UDFS) - len(udf))], strict=True)),
    }
