"""A message in words: a mail with subject, text and HTML, or the short text of a phone."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from notifications.channels.base import Parcel
from notifications.domain.routes import route_of
from notifications.models import Message

HOUSE = "Pema"


def parcel(message: Message, context: dict[str, Any], *, to: str) -> Parcel:
    """The message as its carrier takes it. `context` is whole: with links and codes."""
    folder = f"notifications/{message.template}"
    filled = {**context, "site_url": settings.SITE_URL, "message_key": message.key}
    mark = hashlib.sha256(message.key.encode()).hexdigest()[:32]
    with translation.override(message.language):
        if message.channel != Message.Channel.EMAIL:
            return _short(message, folder, filled, to=to, mark=mark)
        return Parcel(
            to=to,
            template=message.template,
            language=message.language,
            subject=_line(f"{folder}/subject.txt", filled),
            text=render_to_string(f"{folder}/body.txt", filled),
            html=render_to_string(f"{folder}/body.html", filled),
            mark=mark,
            attachments=tuple((one["name"], one["text"], one["type"]) for one in message.attachments),
            headers=_headers(filled),
        )


def _headers(filled: dict[str, Any]) -> dict[str, str]:
    """What a mail program needs for its own button to stop offers (RFC 2369, RFC 8058)."""
    stop = filled.get("unsubscribe")
    if not stop:
        return {}
    return {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _short(message: Message, folder: str, filled: dict[str, Any], *, to: str, mark: str) -> Parcel:
    route = route_of(message.template)
    words = {name: str(filled.get(name, "")) for name in route.words}
    return Parcel(
        to=to,
        template=route.known_as,
        language=message.language,
        subject=(filled.get("property") or {}).get("name") or HOUSE,
        text=_line(f"{folder}/short.txt", filled),
        words=words,
        mark=mark,
        link=str(filled.get("page", "")),
    )


def _line(template: str, filled: dict[str, Any]) -> str:
    return " ".join(render_to_string(template, filled).split())
