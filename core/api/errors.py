"""Domain and database errors in the shape of drf-standardized-errors."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError, OperationalError
from django.http import UnreadablePostError
from drf_standardized_errors.handler import exception_handler as standard_handler
from rest_framework.exceptions import ErrorDetail, ParseError, ValidationError
from rest_framework.response import Response
from rest_framework.views import set_rollback

from core.api.parsers import TooLarge
from core.api.plain import error_body
from core.db import translate
from core.errors import DomainError, Unavailable

NOT_A_FIELD = "non_field_errors"


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's handler: every refusal has `{type, errors: [{code, detail, attr}]}`, and 429/503 say when to come back."""
    if isinstance(exc, DatabaseError):
        busy = Unavailable("unavailable", "We cannot reach our books right now. Please try again in a moment.")
        exc = translate(exc) or (busy if isinstance(exc, OperationalError) else exc)
    if isinstance(exc, DomainError):
        return _refusal(exc)
    if isinstance(exc, RequestDataTooBig):
        exc = TooLarge()
    elif isinstance(exc, (SuspiciousOperation, UnreadablePostError)):
        exc = ParseError("This request cannot be read.")
    return named(standard_handler(exc, context))


def named(response: Response | None) -> Response | None:
    """`attr` is a field that the caller knows: what concerns the whole body, or a whole part of it, is not one."""
    for one in (response.data if response is not None and isinstance(response.data, dict) else {}).get("errors", ()):
        path = (one.get("attr") or "").split(".")
        if path[-1] == NOT_A_FIELD:
            one["attr"] = ".".join(path[:-1]) or None
    return response


def _refusal(error: DomainError) -> Response:
    set_rollback()
    response = Response(error_body(error), status=error.status)
    retry_after = getattr(error, "retry_after", None)
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    if error.status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="api"'
    return response


def invalid(attr: str, message: str, code: str = "invalid") -> ValidationError:
    """A DRF validation error on one field."""
    return ValidationError({attr: [ErrorDetail(message, code=code)]})
