"""Examples for the schema, recorded from what the tests really call.

`PEMA_RECORD_EXAMPLES=1 make test ARGS="..."` plays tests and writes `config/api_examples.json` (what went well) and
`config/api_refusals.json` (one body for each code that a call has refused with); secrets are shortened. Codes that are
known stay; take the second file away to begin anew.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.handlers.base import BaseHandler

RECORD = bool(os.environ.get("PEMA_RECORD_EXAMPLES"))
SHORTENED = {
    "access": "eyJhbGciOi…",
    "refresh": "9f3b…",
    "access_key": "c2lnbmVk…",
    "quote": "eyJ3aXNo…",
    "password": "a long password of your own",
    "new_password": "a long password of your own",
    "hash": "5b1c…",
    "secret": "whsec_…",
    "token": "fcm-registration-token-of-the-app",
}
LONGEST = 3  # rows of a list
LONG_REFUSAL = 1500  # characters
LEFT_OUT = {405, 413, 415, 422, 429, 503}  # alike at every call: core.api.refusals has them
EVERYWHERE = {"parse_error", "bad_idempotency_key", "idempotency_in_flight", "idempotency_lost", "throttled"}


class Recorder:
    """The best exchange seen of each call: a full answer beats an empty one."""

    def __init__(self) -> None:
        self.seen: dict[tuple[str, str], dict[str, Any]] = {}
        self.refused: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}

    def note(self, method: str, route: str, asked: bytes, status: int, answered: bytes) -> None:
        try:
            request, response = json.loads(asked or b"null"), json.loads(answered or b"null")
        except ValueError:
            return
        made = {"request": shorten(request) or None, "status": str(status), "response": shorten(response)}
        known = self.seen.get((method, route))
        if known is None or weight(made) > weight(known):
            self.seen[method, route] = made

    def note_refusal(self, method: str, route: str, status: int, answered: bytes) -> None:
        """The first body of each code; without what is beside it when that is long."""
        try:
            body = shorten(json.loads(answered))
            code = body["errors"][0]["code"]
        except (ValueError, TypeError, LookupError):
            return
        if status in LEFT_OUT or code in EVERYWHERE:
            return
        short = {"type": body["type"], "errors": body["errors"][:1]}
        kept = body if len(json.dumps(body)) < LONG_REFUSAL else short
        self.refused.setdefault((method, route), {}).setdefault(str(status), {}).setdefault(code, kept)

    def write(self, path: Path, refusals: Path) -> None:
        from drf_spectacular.generators import SchemaGenerator

        schema = SchemaGenerator().get_schema(request=None, public=True)
        known, codes = read(path), read(refusals)
        for route, operations in schema["paths"].items():
            for method, operation in operations.items():
                name = operation["operationId"]
                made = self.seen.get((method.upper(), route))
                if made:
                    known[name] = made
                for status, bodies in self.refused.get((method.upper(), route), {}).items():
                    there = codes.setdefault(name, {}).setdefault(status, {})
                    there.update({code: body for code, body in bodies.items() if code not in there})
        for place, found in ((path, known), (refusals, codes)):
            place.write_text(json.dumps(found, indent=1, ensure_ascii=False, sort_keys=True) + "\n")


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    return found


def weight(made: dict[str, Any]) -> int:
    """Richer, but not a book: up to 4 kB count."""
    size = len(json.dumps([made["request"], made["response"]]))
    return size if size < 4000 else 4000 - size // 10


def shorten(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: shorten(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [shorten(inner, name) for inner in value[:LONGEST]]
    if isinstance(value, str) and value and name in SHORTENED:
        return SHORTENED[name]
    if isinstance(value, str):
        return re.sub(r"http://(testserver|localhost|127\.0\.0\.1)(:\d+)?", "https://pema.example", value)
    return value


@pytest.fixture(scope="session", autouse=RECORD)
def recorded_examples():
    recorder, original = Recorder(), BaseHandler.get_response

    def get_response(self: Any, request: Any) -> Any:
        try:
            body = request.body if request.path.startswith("/api/v1/") else b""
        except RequestDataTooBig:
            body = b""
        response = original(self, request)
        match = request.resolver_match
        if match and request.path.startswith("/api/v1/"):
            route = "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", match.route)
            content = b"" if response.streaming else response.content
            if 200 <= response.status_code < 300:
                recorder.note(request.method, route, body, response.status_code, content)
            elif 400 <= response.status_code < 500:
                recorder.note_refusal(request.method, route, response.status_code, content)
        return response

    BaseHandler.get_response = get_response
    yield recorder
    BaseHandler.get_response = original
    recorder.write(Path(settings.API_EXAMPLES), Path(settings.API_REFUSALS))
