"""The security log: what happened to somebody's keys, as history of that person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from accounts.signals import security_noticed
from audit.record import changed
from core.actors import SYSTEM, Actor


@receiver(security_noticed)
def on_security_news(
    sender: Any, user_id: int | None, event: str, at: datetime, alarm: bool, data: dict[str, Any], **_: Any
) -> None:
    """One row in the transaction of what happened; `house` is the subject of what concerns nobody in particular."""
    by = Actor("guest", user_id) if user_id else SYSTEM
    changed(f"user:{user_id}" if user_id else "house:security", event[:60], by=by, at=at, alarm=alarm, **data)
