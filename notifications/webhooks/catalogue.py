"""Which events there are. The apps above name theirs when they are ready; the words are for people."""

from __future__ import annotations

from typing import Any, ClassVar

PING = "ping"
DATA_KEYS = ("sequence", "booking", "user", "program", "session", "facilitator", "payment", "refund")
PERSONAL = ("name", "email", "phone")


class Catalogue:
    """Event type -> what has happened."""

    types: ClassVar[dict[str, str]] = {}

    @classmethod
    def add(cls, kind: str, events: dict[str, str]) -> None:
        """`kind` is what stands before the dot; `events` maps what stands behind it to a sentence."""
        cls.types.update({f"{kind}.{name}": words for name, words in events.items()})

    @classmethod
    def kinds(cls) -> list[str]:
        return list(dict.fromkeys(name.partition(".")[0] for name in cls.types))

    @classmethod
    def knows(cls, wanted: str) -> bool:
        """True for an event type, and for `kind.*`."""
        return wanted in cls.types or (wanted.endswith(".*") and wanted[:-2] in cls.kinds())


def without_personal(data: dict[str, Any]) -> dict[str, Any]:
    """The same keys, name and contacts empty: for a receiver that needs no more than the public id."""
    user = data.get("user")
    return data if user is None else {**data, "user": {**user, **dict.fromkeys(PERSONAL)}}
