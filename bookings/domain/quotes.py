"""Signed quotes: what was priced, at which total, until when. Booking with one charges exactly its total."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core import signing

from bookings.domain import ratecard
from bookings.domain.quote import Quote, quote
from bookings.domain.request import StayRequest
from core.errors import Conflict, Invalid
from rooms.models import Property

VALID = timedelta(minutes=15)
SALT = "pema.quote"


@dataclass(frozen=True, slots=True)
class Signed:
    """A quote and its token."""

    quote: Quote
    token: str
    expires_at: datetime


class QuoteStale(Conflict):
    """The quote has run out or its price has changed; `fresh` is the new one to show."""

    def __init__(self, code: str, message: str, fresh: Signed) -> None:
        super().__init__(code, message)
        self.fresh = fresh


def offer(property: Property, request: StayRequest, *, at: datetime) -> Signed:
    """Price a wish and sign the answer. Raises Invalid as `bookings.domain.quote.quote` does."""
    return sign(quote(request, ratecard.load(property), at=at))


def sign(priced: Quote) -> Signed:
    """Token of a quote: wish, total, fingerprint of the lines, instant. Valid for 15 minutes."""
    payload = {
        "r": priced.request.as_json(),
        "t": str(priced.total),
        "f": _fingerprint(priced),
        "at": priced.at.isoformat(),
    }
    return Signed(priced, signing.dumps(payload, salt=SALT, compress=True), priced.at + VALID)


def accept(property: Property, token: str, *, at: datetime) -> Quote:
    """The quote behind `token`, priced again now and found the same.

    Raises Invalid("bad_quote") for a forged or broken token, QuoteStale("quote_expired" | "quote_changed") with a new
    quote, Invalid when the wish has become impossible.
    """
    payload = read(token)
    fresh = quote(StayRequest.from_json(payload["r"]), ratecard.load(property), at=at)
    if at > datetime.fromisoformat(payload["at"]) + VALID:
        raise QuoteStale("quote_expired", "This price was valid for 15 minutes. Here is a new one.", sign(fresh))
    if Decimal(payload["t"]) != fresh.total or payload["f"] != _fingerprint(fresh):
        raise QuoteStale("quote_changed", "The price has changed since you saw it. Please look again.", sign(fresh))
    return fresh


def wish_of(token: str) -> StayRequest:
    """The wish inside a token, however old. Raises Invalid("bad_quote")."""
    return StayRequest.from_json(read(token)["r"])


def total_of(token: str) -> Decimal:
    """The total (rupees) that the guest saw with this token, however old. Raises Invalid("bad_quote")."""
    return Decimal(read(token)["t"])


def read(token: str) -> dict[str, Any]:
    """The payload of a genuine token. Raises Invalid("bad_quote")."""
    if not isinstance(token, str) or len(token) > 8000:
        raise Invalid("bad_quote", "This quote is not one of ours. Ask for a new one.", attr="quote")
    try:
        payload: dict[str, Any] = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        raise Invalid("bad_quote", "This quote is not one of ours. Ask for a new one.", attr="quote") from None
    return payload


def _fingerprint(priced: Quote) -> str:
    text = ";".join(f"{line.code}|{line.quantity}|{line.amount}|{line.gst_rate}" for line in priced.lines)
    terms = f"{priced.plan}|{priced.policy.id}|{priced.policy.tiers}"
    return hashlib.sha256(f"{text}#{terms}".encode()).hexdigest()[:16]
