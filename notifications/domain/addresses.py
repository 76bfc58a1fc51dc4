"""Where a message goes at the moment it goes."""

from __future__ import annotations

from datetime import datetime

from accounts.domain import devices
from notifications.models import Message


def of(message: Message) -> str:
    """The address, the number, or the push token of the device; empty when the device is not ours any more."""
    return devices.token_of(message.recipient) if message.channel == Message.Channel.PUSH else message.recipient


def forget(message: Message, *, at: datetime) -> None:
    """The carrier says that nobody is there: a device goes; a number stays, its owner may put it right."""
    if message.channel == Message.Channel.PUSH:
        devices.drop(message.recipient, at=at)
