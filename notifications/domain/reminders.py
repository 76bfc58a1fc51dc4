"""Reminders over what the guest has chosen, besides the mail."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from accounts.domain import preferences
from accounts.models import User
from core.errors import Invalid
from core.phones import e164
from notifications.channels import is_on
from notifications.domain import messages
from notifications.models import Message

FRESH = timedelta(hours=12)  # a reminder of this morning is of use this evening, not tomorrow
PUSH = Message.Channel.PUSH


def promise(
    user: User, template: str, *, key: str, subject_of: str, context: dict[str, Any], page: str, at: datetime
) -> list[Message]:
    """One message a chosen channel, and a push for each device. `page` opens nothing by itself; the mail's link stays
    in the mail."""
    words = {name: value for name, value in context.items() if name != "link"} | {"page": page}
    return [
        messages.promise(
            template,
            key=f"{key}:{channel}:{to}"[:120],
            subject_of=subject_of,
            channel=channel,
            recipient=to,
            recipient_name=user.get_full_name(),
            context=words,
            expires_at=at + FRESH,
            at=at,
        )
        for channel in preferences.chosen(user)
        if is_on(channel)
        for to in _addresses(user, channel)
    ]


def _addresses(user: User, channel: str) -> list[str]:
    if channel == PUSH:
        return [str(one) for one in user.devices.values_list("public_id", flat=True)]
    if user.phone_verified_at and user.phone_e164:
        return [user.phone_e164]
    try:
        return [e164(user.phone)] if user.phone else []
    except Invalid:
        return []
