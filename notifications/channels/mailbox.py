"""The sandbox's carrier: what would go to a phone is put into the mailbox page. Nothing leaves the machine."""

from __future__ import annotations

from dataclasses import dataclass

from notifications.channels.base import Parcel
from notifications.models import MailboxItem, Message


@dataclass(frozen=True, slots=True)
class Mailbox:
    channel: str

    def send(self, parcel: Parcel) -> str:
        item = MailboxItem.objects.create(
            channel=self.channel,
            sender="Pema",
            recipients=parcel.to,
            subject=f"{Message.Channel(self.channel).label}: {parcel.subject}"[:300],
            text=f"{parcel.text}\n\n{parcel.link}".strip(),
        )
        return f"mailbox:{item.pk}"
