"""A gateway in memory with books of its own, so that "paid back once" is counted at the far side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from payments.gateways.base import AttemptFacts, Callback, Checkout, ForgedCallback, RefundAnswer, Verified


@dataclass
class FakeGateway:
    """Answers as told. `money` says what a txnid is worth there: (outcome, amount)."""

    code: str = "payu"
    money: dict[str, tuple[str, Decimal]] = field(default_factory=dict)
    paid_back: dict[str, Decimal] = field(default_factory=dict)
    refund_calls: list[str] = field(default_factory=list)
    verify_calls: list[str] = field(default_factory=list)
    settles: bool = True
    before_refund: Callable[[str], None] | None = None
    after_refund: Callable[[str], None] | None = None

    def pays(self, payment, outcome: str = "captured", amount: Decimal | None = None) -> None:
        """The guest has paid this attempt at the gateway."""
        self.money[payment.txnid] = (outcome, payment.amount if amount is None else amount)

    def checkout(self, facts: AttemptFacts) -> Checkout:
        return Checkout("form_post", "https://gateway.example/pay", {"txnid": facts.txnid, "amount": str(facts.amount)})

    def read_hint(self, fields):
        return None

    def read_callback(self, fields) -> Callback:
        if fields.get("hash") != "good":
            raise ForgedCallback()
        txnid = str(fields["txnid"])
        return Callback(txnid, "captured", f"mih-{txnid}", Decimal(str(fields.get("amount", "0"))), f"{txnid}:success")

    def verify(self, txnid: str) -> Verified:
        self.verify_calls.append(txnid)
        if txnid not in self.money:
            return Verified("not_found", txnid)
        outcome, amount = self.money[txnid]
        return Verified(outcome, txnid, f"mih-{txnid}", amount, "UPI", f"bank-{txnid}")

    def refund(self, *, gateway_id: str, token: str, amount: Decimal, remarks: str) -> RefundAnswer:
        if self.before_refund:
            self.before_refund(token)
        self.refund_calls.append(token)
        assert token not in self.paid_back, "the gateway was asked twice with a token it had taken"
        self.paid_back[token] = amount
        if self.after_refund:
            self.after_refund(token)
        return RefundAnswer("queued", f"rq-{token}")

    def refund_status(self, *, gateway_id: str, token: str, request_id: str = "") -> RefundAnswer:
        if token not in self.paid_back:
            return RefundAnswer("not_found")
        return RefundAnswer("done" if self.settles else "in_progress", f"rq-{token}", f"ARN-{token}")
