"""News from accounts, received by one line each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from accounts.signals import code_promised
from notifications.domain import codes


@receiver(code_promised)
def on_code(
    sender: Any,
    channel: str,
    to: str,
    code: str,
    name: str,
    language: str,
    expires_at: datetime,
    purpose: str,
    **_: Any,
) -> None:
    codes.promise(
        channel, to, code, name=name, language=language, expires_at=expires_at, purpose=purpose, at=timezone.now()
    )
