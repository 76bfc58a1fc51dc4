"""Mail backend of the demo: mails land in a table that staff can open, and as files. Nothing leaves the machine."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from notifications.models import MailboxItem


class MailboxBackend(BaseEmailBackend):
    """Keeps each mail as a row and as an .eml file below MAILBOX_DIR."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for mail in email_messages:
            self._keep(mail)
        return len(email_messages)

    @staticmethod
    def _keep(mail: EmailMessage) -> None:
        folder = Path(settings.MAILBOX_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        slug = re.sub(r"[^a-z0-9]+", "-", mail.subject.lower())[:60].strip("-")
        file = folder / f"{timezone.now():%Y%m%d-%H%M%S-%f}-{slug}.eml"
        file.write_bytes(mail.message().as_bytes())
        html = (
            next(
                (a.content for a in getattr(mail, "alternatives", []) if a.mimetype == "text/html"),
                "",
            )
            if isinstance(mail, EmailMultiAlternatives)
            else ""
        )
        MailboxItem.objects.create(
            sender=mail.from_email,
            recipients=", ".join(mail.recipients()),
            subject=mail.subject[:300],
            text=str(mail.body),
            html=html,
            file=str(file),
            attachments=[_about(one) for one in mail.attachments],
        )


def _about(attachment: Any) -> dict[str, Any]:
    name, content, kind = attachment
    size = len(content if isinstance(content, bytes) else str(content).encode())
    return {"name": str(name), "type": str(kind), "bytes": size}
