"""What the rest of payments knows of a payment gateway.

A gateway adapter turns our facts into the gateway's words and its answers into ours. It writes nothing, decides nothing
about a booking, and never takes silence for an answer: what is not clear is `GatewayUnclear`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, Protocol

from core.errors import DomainError, Invalid

Claim = Literal["captured", "pending", "failed"]
Outcome = Literal["captured", "authorised", "pending", "failed", "not_found", "returned"]
RefundState = Literal["queued", "in_progress", "done", "failed", "not_found"]


@dataclass(frozen=True)
class AttemptFacts:
    """One try at taking money. `amount` in rupees; `return_url` absolute; `udf` up to five short codes of ours."""

    txnid: str
    amount: Decimal
    product: str
    first_name: str
    email: str
    phone: str
    return_url: str
    udf: tuple[str, ...] = ()


@dataclass(frozen=True)
class Checkout:
    """How the guest's browser reaches the gateway."""

    method: Literal["form_post", "redirect", "done"]
    url: str
    fields: dict[str, str]


@dataclass(frozen=True)
class Callback:
    """A notice whose signature is right. It is still only a claim: `verify` decides.

    `gateway_id` is not covered by PayU's signature. `event_key` is the same for each delivery of one notice.
    """

    txnid: str
    claimed: Claim
    gateway_id: str
    amount: Decimal
    event_key: str
    masked: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Hint:
    """An unsigned notice (refund or dispute). It proves nothing; it only says where to look."""

    kind: Literal["refund", "dispute"]
    gateway_id: str = ""
    txnid: str = ""
    token: str = ""
    request_id: str = ""
    masked: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Verified:
    """The gateway's own word about one txnid, asked server to server.

    `amount` is what the merchant asked for, without the gateway's surcharge or discount; it is 0.00 when the gateway's
    figures contradict each other, so that it can never equal an attempt's amount. `returned`: the gateway gave the
    money back itself. `authorised` is not money yet.
    """

    outcome: Outcome
    txnid: str
    gateway_id: str = ""
    amount: Decimal = Decimal("0.00")
    mode: str = ""
    bank_reference: str = ""
    masked: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RefundAnswer:
    """Where one refund (one token) stands at the gateway. Only `done` means the money went back."""

    state: RefundState
    request_id: str = ""
    bank_reference: str = ""
    detail: str = ""


class ForgedCallback(Invalid):
    """A notice that did not come from the gateway, or not for us. 400; nothing may change."""

    def __init__(self, message: str = "This payment notice is not genuine.", **details: Any) -> None:
        super().__init__("forged_callback", message, **details)


class GatewayUnclear(DomainError):
    """Nobody knows what the gateway did. Ask it (`verify`, `refund_status`) before trying again.

    `sent` is False only when the call certainly never left (no connection).
    """

    status = 503

    def __init__(self, message: str, *, sent: bool = True, **details: Any) -> None:
        self.sent = sent
        super().__init__("gateway_unclear", message, **details)


class GatewayRefused(DomainError):
    """The gateway said no, and nothing happened there. `permanent`: asking again cannot help.

    `gateway_code` is the gateway's own error code ("" when it gave none).
    """

    status = 503

    def __init__(self, message: str, *, permanent: bool, gateway_code: str = "", **details: Any) -> None:
        self.permanent = permanent
        self.gateway_code = gateway_code
        super().__init__("gateway_refused", message, **details)


class Gateway(Protocol):
    """One contract for every gateway, the simulated one included."""

    @property
    def code(self) -> str:
        """The gateway's short name in our tables and addresses."""

    def checkout(self, facts: AttemptFacts) -> Checkout:
        """The hand-off of the guest's browser. No network. Invalid when a fact cannot be sent."""

    def read_callback(self, fields: Mapping[str, object]) -> Callback:
        """A posted notice (QueryDict, dict or parsed JSON), checked. No network, no database. ForgedCallback."""

    def read_hint(self, fields: Mapping[str, object]) -> Hint | None:
        """An unsigned refund or dispute notice, or None when it is not one."""

    def verify(self, txnid: str) -> Verified:
        """Ask the gateway. GatewayUnclear, GatewayRefused (our credentials)."""

    def refund(self, *, gateway_id: str, token: str, amount: Decimal, remarks: str) -> RefundAnswer:
        """Ask for a refund under a stored token; the same token never pays twice. GatewayUnclear, GatewayRefused."""

    def refund_status(self, *, gateway_id: str, token: str, request_id: str = "") -> RefundAnswer:
        """Where the refund with our token stands. GatewayUnclear, GatewayRefused."""
