"""What every carrier does: take one parcel and tell its own name for it. What went wrong decides what happens next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from core.work import GiveUp, Later


class Refused(GiveUp):
    """The carrier will never take this parcel: no second try, a person looks at it. Its text names no recipient."""


class Busy(Later):
    """The carrier asks us to wait `seconds`; that is not a failure."""


class Unclear(Exception):
    """No answer, or one that says nothing. It may have gone: trying again is right for a message, never for money."""


class Gone(Exception):
    """The address does not exist any more; nobody has to look at it."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message, ready to be carried."""

    to: str  # an address, a number in E.164, or a push token
    template: str  # the name under which a carrier knows it
    language: str
    subject: str  # of a mail; the title of a push
    text: str
    mark: str  # a digest of the message's key: the same at every try, so that the far side can tell a repetition
    words: dict[str, str] = field(default_factory=dict)  # what an approved template is filled with, in its order
    link: str = ""
    html: str = ""
    attachments: tuple[tuple[str, str, str], ...] = ()  # name, text, type
    headers: dict[str, str] = field(default_factory=dict)


class Channel(Protocol):
    """A carrier. It holds no rows and opens no transaction."""

    def send(self, parcel: Parcel) -> str:
        """Hand over; the carrier's id of it, or "". Raises Refused, Busy, Unclear or Gone."""
        ...
