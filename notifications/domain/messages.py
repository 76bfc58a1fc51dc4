"""Messages: promised with the state change, delivered by a worker, each once.

Twice is possible only where a carrier took a message and its answer was lost: the next try carries the same mark.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import timezone

from core import work
from notifications.channels import carrier
from notifications.channels.base import Gone
from notifications.domain import addresses
from notifications.domain.rendering import parcel
from notifications.domain.sealing import parted, whole
from notifications.models import Message

KIND = "message"
MAY_GO: dict[str, Callable[[Message], bool]] = {}  # by template: asked again when the message goes
log = logging.getLogger(__name__)


def promise(
    template: str,
    *,
    key: str,
    subject_of: str,
    recipient: str,
    recipient_name: str,
    context: dict[str, Any],
    at: datetime,
    attachments: list[dict[str, str]] | None = None,
    language: str = "en",
    channel: str = Message.Channel.EMAIL,
    expires_at: datetime | None = None,
) -> Message:
    """Promise a message in the transaction that causes it; `key` makes it unique, whoever promises twice.

    `context` is frozen JSON: money and dates already in words; its links and codes are sealed. Attachments are
    `{name, type, text}`. After `expires_at` the message is dropped instead of sent late. `recipient` is an e-mail
    address, a number in E.164 (sms, whatsapp) or the id of a device (push).
    """
    shown, sealed = parted(context, key=key)
    message, made = Message.objects.get_or_create(
        key=key,
        defaults={
            "channel": channel,
            "template": template,
            "subject_of": subject_of,
            "recipient": recipient,
            "recipient_name": recipient_name,
            "context": shown,
            "sealed": sealed,
            "attachments": attachments or [],
            "language": language,
            "expires_at": expires_at,
            "due_at": at,
            "created_at": at,
        },
    )
    if made:
        work.ring(KIND, message.pk)
    return message


def keep(message: Message) -> None:
    """Render and hand over to the carrier. Called by `core.work` outside any transaction."""
    now = timezone.now()
    if message.expires_at is not None and message.expires_at <= now:
        return drop(message, "too late")
    post = carrier(message.channel)
    if post is None:
        return drop(message, "this channel is off")
    if not MAY_GO.get(message.template, always)(message):
        return drop(message, "the reader has stopped it")
    to = addresses.of(message)
    if not to:
        return drop(message, "nobody is there any more")
    try:
        number = post.send(parcel(message, whole(message), to=to))
    except Gone as gone:
        addresses.forget(message, at=now)
        return drop(message, str(gone))
    Message.objects.filter(pk=message.pk).update(sent_at=timezone.now(), provider_id=number, sealed="")
    return None


def always(message: Message) -> bool:
    return True


def drop(message: Message, why: str) -> None:
    """Not sent, and never will be; the row says why, and what it carried is gone."""
    log.info("message #%s is dropped: %s", message.pk, why)
    Message.objects.filter(pk=message.pk).update(dropped=why[:60], sealed="")


def bury(message: Message) -> None:
    """A dead letter that a person may revive keeps its links; a code is of no use by then."""
    if message.expires_at is not None:
        Message.objects.filter(pk=message.pk).update(sealed="")


work.Registry.add(KIND, Message, keep, bury)
