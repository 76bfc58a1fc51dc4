"""A far side that answers by a script and remembers what it was sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core import outside
from core.actors import SYSTEM
from notifications.webhooks import subscriptions
from notifications.webhooks.models import WebhookSubscription

ADDRESS = "https://crm.example.com/hook"
ALL = ["booking.*", "payment.*", "refund.*"]


class FarSide:
    """`script` holds answers in turn: a status, (status, headers), an exception, or a thing to do; then 200."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, bytes, dict[str, str]]] = []
        self.script: list[Any] = []

    def call(self, method: str, url: str, *, body: bytes, headers: dict[str, str], **_: Any) -> outside.Answer:
        self.calls.append((url, body, dict(headers)))
        step = self.script.pop(0) if self.script else 200
        if isinstance(step, Callable):
            step = step() or 200
        if isinstance(step, Exception):
            raise step
        status, found = step if isinstance(step, tuple) else (step, {})
        return outside.Answer(status, found, f"<b>{status}</b>".encode(), True, 0.01)


def listener(
    at: Any, name: str = "CRM", events: list[str] | None = None, **more: Any
) -> tuple[WebhookSubscription, str]:
    """A receiver of everything, and its secret."""
    given = {"url": ADDRESS, "personal": True, **more}
    return subscriptions.add(name, events=events or ALL, by=SYSTEM, at=at, **given)
