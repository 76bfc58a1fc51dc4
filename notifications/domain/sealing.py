"""What opens a door is kept sealed, bound to its message, and only until the message has gone."""

from __future__ import annotations

from typing import Any

from core.crypto import seal, unseal
from notifications.models import Message

KEYS = frozenset({"link", "code", "unsubscribe"})  # whoever holds one of these may do what the guest may
DOTS = "••••••"


def parted(context: dict[str, Any], *, key: str) -> tuple[dict[str, Any], str]:
    """The context without its keys, and the keys in an envelope that opens for the message `key` alone."""
    secret = {name: value for name, value in context.items() if name in KEYS and value}
    if not secret:
        return context, ""
    open_part = {name: DOTS if name in secret else value for name, value in context.items()}
    return open_part, seal(secret, row=_row(key))


def whole(message: Message) -> dict[str, Any]:
    """The context with its keys, for the carrier. Raises DecryptionError."""
    return {**message.context, **(unseal(message.sealed, row=_row(message.key)) if message.sealed else {})}


def _row(key: str) -> str:
    return f"notifications.message.sealed:{key}"
