"""Messages: promised with the state change, delivered by a worker, each once."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation

from core import work
from notifications.models import Message

KIND = "message"


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
) -> Message:
    """Promise a message in the transaction that causes it; `key` makes it unique, whoever promises twice.

    `context` is frozen JSON: money and dates already in words. Attachments are `{name, type, text}`.
    """
    message, made = Message.objects.get_or_create(
        key=key,
        defaults={
            "template": template,
            "subject_of": subject_of,
            "recipient": recipient,
            "recipient_name": recipient_name,
            "context": context,
            "attachments": attachments or [],
            "language": language,
            "due_at": at,
            "created_at": at,
        },
    )
    if made:
        work.ring(KIND, message.pk)
    return message


def keep(message: Message) -> None:
    """Render and hand over to the mail backend."""
    mail = compose(message)
    mail.send()
    Message.objects.filter(pk=message.pk).update(sent_at=timezone.now())


def compose(message: Message) -> EmailMultiAlternatives:
    """The mail as it will be sent: subject, text and HTML in the guest's language, attachments.

    Headers can be read on the way: the message is told there by a digest, not by what it is about.
    """
    context = {**message.context, "site_url": settings.SITE_URL, "message_key": message.key}
    with translation.override(message.language):
        folder = f"notifications/{message.template}"
        subject = " ".join(render_to_string(f"{folder}/subject.txt", context).split())
        mail = EmailMultiAlternatives(
            subject=subject,
            body=render_to_string(f"{folder}/body.txt", context),
            to=[message.recipient],
            headers={"X-Pema-Message": hashlib.sha256(message.key.encode()).hexdigest()[:32]},
        )
        mail.attach_alternative(render_to_string(f"{folder}/body.html", context), "text/html")
    for attachment in message.attachments:
        mail.attach(attachment["name"], attachment["text"], attachment["type"])
    return mail


work.Registry.add(KIND, Message, keep)
