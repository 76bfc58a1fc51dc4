"""Offers: by mail, to who agreed, and with one click to stop (RFC 2369, RFC 8058)."""

from __future__ import annotations

from datetime import datetime

from accounts.domain import unsubscribing
from accounts.domain.privacy import consents
from accounts.models import User
from core.errors import Conflict
from notifications.domain import messages
from notifications.models import Message

TEMPLATE = "offer"


def promise(user: User, *, name: str, title: str, text: str, link: str, at: datetime) -> Message | None:
    """Promise an offer called `name`, once a person. None for somebody who has not agreed to offers.

    Raises Conflict("already_sent").
    """
    if not may_get(user):
        return None
    if Message.objects.filter(key=f"offer:{name}:{user.pk}").exists():
        raise Conflict("already_sent", "This offer has been sent to this person already.")
    stop = unsubscribing.link(user)
    return messages.promise(
        TEMPLATE,
        key=f"offer:{name}:{user.pk}",
        subject_of=f"offer:{name}"[:60],
        recipient=user.email,
        recipient_name=user.get_full_name(),
        context={
            "guest_name": user.get_full_name(),
            "title": title,
            "text": text,
            "link": link,
            "unsubscribe": stop,
            "user_id": user.pk,
        },
        at=at,
    )


def may_get(user: User) -> bool:
    """Asked when an offer is promised, and again when it goes: a no holds at once."""
    return user.is_active and consents.allows(user, "offers")


def may_go(message: Message) -> bool:
    """While its reader still agrees."""
    user = User.objects.filter(pk=message.context.get("user_id")).first()
    return user is not None and may_get(user)


messages.MAY_GO[TEMPLATE] = may_go
