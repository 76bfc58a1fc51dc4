"""Callers of the API: a client for nobody, one for each of the cast, and generous limits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.domain import tokens
from accounts.models import User

BASE = "/api/v1/"


class Api:
    """Calls `/api/v1/…` as one person, or as nobody; answers are DRF test responses."""

    def __init__(self, user: User | None = None, **headers: str) -> None:
        self.client = APIClient(raise_request_exception=False)
        if user is not None:
            headers["Authorization"] = f"Bearer {tokens.issue(user, at=timezone.now()).access}"
        self.headers = headers

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> Any:
        return self.client.get(BASE + path, query or {}, headers={**self.headers, **headers})

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send("post", path, body, headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send("put", path, body, headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send("patch", path, body, headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self._send("delete", path, None, headers)

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        call = getattr(self.client, method)
        return call(BASE + path, {} if body is None else body, format="json", headers={**self.headers, **headers})


@pytest.fixture
def api(db) -> type[Api]:
    """`api()` is nobody, `api(guest)` a signed-in person, `api(**{"X-Stay-Key": key})` the holder of a link."""
    return Api


@pytest.fixture
def wish(today):
    """The body of an estimate: a week in a Standard room, a month from now."""

    def body(room: str = "standard", start: int = 30, nights: int = 7, **changes: Any) -> dict[str, Any]:
        arrival = today + timedelta(start)
        room_changes = {name: changes.pop(name) for name in ("adults", "children_ages", "caregiver") if name in changes}
        return {
            "program": "detox",
            "check_in_date": arrival.isoformat(),
            "check_out_date": (arrival + timedelta(nights)).isoformat(),
            "rooms": [{"room_type": room, "adults": 1, **room_changes}],
            **changes,
        }

    return body


@pytest.fixture(autouse=True)
def generous_limits(settings):
    settings.RATE_LIMIT_ANON = settings.RATE_LIMIT_TOKEN = "1000000/min"


def codes(response: Any) -> list[str]:
    """The error codes of a refusal."""
    return [error["code"] for error in response.json()["errors"]]
