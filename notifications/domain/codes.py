"""One-time codes: over the channel that was asked for, sealed, and never later than they are of use."""

from __future__ import annotations

import uuid
from datetime import datetime
from math import ceil

from notifications.domain import messages
from notifications.models import Message

TEMPLATE = "sign_in_code"


def promise(
    channel: str,
    to: str,
    code: str,
    *,
    name: str,
    language: str,
    expires_at: datetime,
    purpose: str,
    at: datetime,
) -> Message:
    """Promise the code in the caller's transaction. `to`: an e-mail address, or a number in E.164 for "sms"."""
    minutes = max(ceil((expires_at - at).total_seconds() / 60), 1)
    return messages.promise(
        TEMPLATE,
        key=f"code:{uuid.uuid4()}",  # nothing that the code could be guessed from
        subject_of=f"code:{purpose}"[:60],
        channel=channel,
        recipient=to,
        recipient_name=name,
        context={"guest_name": name, "code": code, "minutes": minutes, "purpose": str(purpose)},
        language=language or "en",
        expires_at=expires_at,
        at=at,
    )
