"""One way to call a carrier over HTTP: short waits, no redirects, and nothing of a call in an error's text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from notifications.channels.base import Busy, Unclear

TIMEOUT = httpx.Timeout(10, connect=3)
OWN_HOSTS = ("127.0.0.1", "localhost", "::1")
LONGEST_WAIT = 3600.0


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: dict[str, Any]

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


def post(url: str, *, headers: dict[str, str] | None = None, **content: Any) -> Answer:
    """POST and read a JSON object. Raises Unclear without a sensible answer, Busy on 429; other refusals come back."""
    own = urlsplit(url).hostname in OWN_HOSTS
    try:
        with httpx.Client(timeout=TIMEOUT, trust_env=not own) as http:
            answer = http.post(url, headers=headers, **content)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unclear(f"no answer: {type(error).__name__}") from None  # its text can carry the address we called
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        raise Busy(_wait(answer), "the carrier asks us to wait")
    if answer.status_code >= 500 or answer.is_redirect:
        raise Unclear(f"an answer of {answer.status_code}")
    return Answer(answer.status_code, _body(answer))


def _wait(answer: httpx.Response) -> float:
    said = answer.headers.get("Retry-After", "")
    return min(max(float(said), 1.0), LONGEST_WAIT) if said.isdecimal() else 60.0


def _body(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        if answer.is_success:
            raise Unclear("an answer that is not JSON")
        return {}
    return found
