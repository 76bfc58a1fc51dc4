"""The refusals that a call can give, each with an example of its own.

What tests have really got from it, and what every call of its shape gives (a bad token, too many calls, no JSON).
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from rest_framework import serializers

from core.api.codes import CODES

Body = dict[str, Any]


class ErrorItem(serializers.Serializer):
    """`code` is stable; `attr` names the field or parameter when there is one."""

    code = serializers.CharField(help_text="; ".join(f"`{code}` {words}" for code, words in CODES.items()))
    detail = serializers.CharField(help_text="a sentence for people")
    attr = serializers.CharField(allow_null=True)


class ErrorBody(serializers.Serializer):
    """Every refusal has this shape; some carry more beside it."""

    type = serializers.ChoiceField(choices=["validation_error", "client_error", "server_error"])
    errors = ErrorItem(many=True)


WORDS = {
    "400": "Bad input",
    "401": "No token, or one that is not valid (any more)",
    "403": "The role may not do this",
    "404": "There is no such thing, or it belongs to somebody else",
    "409": "The state or the stock does not allow it now",
    "413": "The body is larger than 1 MB",
    "415": "The body is not JSON",
    "422": "The idempotency key was used for another request",
    "429": "Too many calls; `Retry-After` says when to come back",
    "503": "Something we need does not answer; `Retry-After` says when to come back",
}


def _body(kind: str, code: str, detail: str, attr: str | None = None) -> Body:
    return {"type": kind, "errors": [{"code": code, "detail": detail, "attr": attr}]}


TOKEN = _body("client_error", "token_invalid", "Please sign in again.")
NOBODY = _body("client_error", "not_authenticated", "Authentication credentials were not provided.")
FORBIDDEN = _body("client_error", "permission_denied", "You do not have permission to perform this action.")
NO_PAGE = _body("client_error", "not_found", "Invalid page.")
NOT_THERE = _body("client_error", "not_found", "Not found.")
NOT_JSON = _body("client_error", "parse_error", "The body is not valid JSON.")
NO_NUMBER = _body("validation_error", "bad_number", "Give `page` as a whole number from 1 on.", "page")
BAD_QUESTION = _body("validation_error", "invalid", "This value is not valid.")
BAD_KEY = _body("validation_error", "bad_idempotency_key", "An idempotency key has 1 to 128 visible characters.")
IN_FLIGHT = _body("client_error", "idempotency_in_flight", "The first request with this key is still being worked on.")
FASTER = _body("client_error", "conflict", "Somebody else was a moment faster. Please look again.")
ALIKE: dict[str, Body] = {  # the same at every call that lists the status
    "413": _body("client_error", "too_large", "This request is too large."),
    "415": _body("client_error", "unsupported_media_type", 'Unsupported media type "text/plain" in request.'),
    "422": _body("client_error", "idempotency_mismatch", "This idempotency key was used for another request."),
    "429": _body("client_error", "throttled", "Request was throttled."),
    "503": _body("server_error", "unavailable", "We cannot reach our books right now. Please try again in a moment."),
}


@functools.cache
def heard() -> dict[str, dict[str, dict[str, Body]]]:
    """`{operationId: {"409": {"sold_out": {…}}}}`, taken from real calls (see CONTRIBUTING.md)."""
    path = Path(settings.API_REFUSALS)
    found: dict[str, dict[str, dict[str, Body]]] = json.loads(path.read_text()) if path.exists() else {}
    return found


def response(status: str, bodies: dict[str, Body]) -> OpenApiResponse:
    """The status in words with one example for each code."""
    examples = [
        OpenApiExample(code, summary=CODES.get(code, code), value=body, status_codes=[status], response_only=True)
        for code, body in bodies.items()
    ]
    return OpenApiResponse(ErrorBody, description=WORDS[status], examples=examples)


def coded(*bodies: Body) -> dict[str, Body]:
    return {str(body["errors"][0]["code"]): body for body in bodies}
