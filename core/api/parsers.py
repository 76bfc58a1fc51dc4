"""JSON as we take it: bounded in size and depth, no NaN, no characters that PostgreSQL cannot store."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser, FormParser

DEEPEST = 64


class TooLarge(APIException):
    status_code = 413
    default_code = "too_large"
    default_detail = "This request is too large."


class StrictJSONParser(BaseParser):
    """Raises TooLarge (413) or ParseError (400)."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        raw = bounded(stream)
        try:
            data = json.loads(raw.decode("utf-8"), parse_constant=_refuse)
            check(data)
        except (ValueError, RecursionError) as error:
            raise ParseError(f"This is not JSON that we can read: {type(error).__name__}.") from error
        return data


class BoundedFormParser(FormParser):
    """A posted form, at most 1 MB."""

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        import io

        return super().parse(io.BytesIO(bounded(stream)), media_type, parser_context)


def bounded(stream: IO[bytes]) -> bytes:
    """The whole body, refused beyond DATA_UPLOAD_MAX_MEMORY_SIZE without reading more of it."""
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    raw = stream.read(most + 1)
    if len(raw) > most:
        raise TooLarge()
    return raw


def check(value: Any, depth: int = 0) -> None:
    """Refuse texts with NUL or half surrogates, numbers beyond reason, and deep nesting. Raises ValueError."""
    if depth > DEEPEST:
        raise ValueError("too deep")
    if isinstance(value, str):
        if "\x00" in value:
            raise ValueError("NUL")
        value.encode("utf-8")
    elif isinstance(value, dict):
        for key, item in value.items():
            check(key, depth + 1)
            check(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            check(item, depth + 1)
    elif isinstance(value, int) and abs(value) >= 2**63 or isinstance(value, float) and abs(value) == float("inf"):
        raise ValueError("number out of range")


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not a number")
