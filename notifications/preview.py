"""A promised message as staff may see it: the words, without the signed links and codes that are the guest's keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template import TemplateDoesNotExist

from notifications.channels.base import Parcel
from notifications.domain.rendering import parcel
from notifications.domain.sealing import DOTS, KEYS
from notifications.models import Message

LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox"
)


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str
    html: str


def letter(message: Message) -> Letter | None:
    """The message in subject, text and HTML (none for a phone); None when its template is gone."""
    shown = Message(
        key=message.key,
        channel=message.channel,
        template=message.template,
        recipient=message.recipient,
        recipient_name=message.recipient_name,
        language=message.language,
        context=without_keys(message.context),
    )
    try:
        found: Parcel = parcel(shown, shown.context, to=shown.recipient)
    except TemplateDoesNotExist:
        return None
    return Letter(found.subject, found.text, found.html)


def without_keys(context: Any) -> Any:
    """The frozen words with every signed address replaced by the front door and every code by dots."""
    if isinstance(context, dict):
        return {key: hidden(key, value) if key in KEYS else without_keys(value) for key, value in context.items()}
    if isinstance(context, list):
        return [without_keys(one) for one in context]
    if isinstance(context, str) and "/stays/open/" in context:
        return settings.SITE_URL
    return context


def hidden(key: str, value: Any) -> str:
    return settings.SITE_URL if key in ("link", "unsubscribe") else DOTS
