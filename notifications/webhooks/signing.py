"""`Webhook-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`, one v1 for each secret in force."""

from __future__ import annotations

import hashlib
import hmac
import secrets

HEADER = "Webhook-Signature"
TOLERANCE = 300  # seconds; a receiver refuses what was signed longer ago


def new_secret() -> str:
    """256 random bits, easy to tell from other secrets."""
    return f"whsec_{secrets.token_urlsafe(32)}"


def signature(secret: str, body: bytes, *, at: int) -> str:
    """Hex HMAC-SHA256 over `{at}.{body}`; the key is the secret's text as it was shown."""
    return hmac.new(secret.encode(), b"%d." % at + body, hashlib.sha256).hexdigest()


def header(known: list[str], body: bytes, *, at: int) -> str:
    """The value of the header; two `v1` while a secret is being replaced."""
    return ",".join([f"t={at}", *(f"v1={signature(secret, body, at=at)}" for secret in known)])


def genuine(known: list[str], body: bytes, value: str, *, now: int) -> str:
    """Empty when the header proves the body, else why not. (What a receiver does; see docs/integrators.md.)"""
    parts = [part.strip().partition("=") for part in value.split(",")]
    stamps = [text for name, _, text in parts if name == "t"]
    given = [text for name, _, text in parts if name == "v1"]
    if len(stamps) != 1 or not (stamps[0].isascii() and stamps[0].isdecimal() and len(stamps[0]) < 12) or not given:
        return "no signature"
    at = int(stamps[0])
    if abs(now - at) > TOLERANCE:
        return "signed too long ago"
    expected = [signature(secret, body, at=at) for secret in known]
    if any(hmac.compare_digest(one.encode(), two.encode()) for one in expected for two in given):
        return ""
    return "wrong signature"
