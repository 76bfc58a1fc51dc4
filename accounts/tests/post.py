"""A postbox in the place of notifications: the codes, letters and links that accounts promise."""

from __future__ import annotations

from typing import Any

from accounts.signals import code_promised, notice_promised, password_reset_asked, security_noticed
from core import work


class Post:
    """What was promised, newest last."""

    def __init__(self) -> None:
        self.codes: list[dict[str, Any]] = []
        self.notices: list[dict[str, Any]] = []
        self.links: list[str] = []
        self.events: list[str] = []

    def work(self) -> Post:
        """Let the worker look who has knocked."""
        work.drain("knock")
        return self

    @property
    def code(self) -> str:
        """The newest code."""
        return str(self.codes[-1]["code"])

    @property
    def wrong(self) -> str:
        """Six digits that are not the newest code."""
        return f"{(int(self.code) + 1) % 10**6:06d}"

    def open(self) -> dict[Any, Any]:
        return {
            code_promised: lambda **news: self.codes.append(news),
            notice_promised: lambda **news: self.notices.append(news),
            password_reset_asked: lambda **news: self.links.append(news["link"]),
            security_noticed: lambda **news: self.events.append(news["event"]),
        }
