"""What the schema says beside types: limits as headers, an example of each call, who may call it."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

from django.conf import settings

from core.api.introduction import introduce

LIMIT_HEADERS = {
    "RateLimitLimit": ("RateLimit-Limit", "calls allowed in the window that is running"),
    "RateLimitRemaining": ("RateLimit-Remaining", "calls left in this window"),
    "RateLimitReset": ("RateLimit-Reset", "seconds until the next window begins"),
    "RetryAfter": ("Retry-After", "seconds to wait before the next call"),
}
POLITE = ("RateLimitLimit", "RateLimitRemaining", "RateLimitReset")
JSON = "application/json"


@functools.cache
def examples() -> dict[str, Any]:
    """`{operationId: {"request": …, "status": "201", "response": …}}`, taken from real calls (see CONTRIBUTING.md)."""
    path = Path(settings.API_EXAMPLES)
    found: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    return found


def complete(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """A postprocessing hook of drf-spectacular: headers of the limits, examples, the introduction."""
    introduce(result)
    result.setdefault("components", {})["headers"] = {
        name: {"description": words, "schema": {"type": "integer", "minimum": 0}}
        for name, (_, words) in LIMIT_HEADERS.items()
    }
    for path, operations in result["paths"].items():
        for operation in operations.values():
            if path.startswith("/api/v1/"):
                _limits(operation)
            _example(operation, examples().get(operation["operationId"], {}))
    return result


def _limits(operation: dict[str, Any]) -> None:
    if "429" not in operation["responses"]:
        return
    for status, response in operation["responses"].items():
        names = [*POLITE, *(["RetryAfter"] if status in ("429", "503") else [])]
        headers = {LIMIT_HEADERS[name][0]: {"$ref": f"#/components/headers/{name}"} for name in names}
        response["headers"] = {**headers, **response.get("headers", {})}


def _example(operation: dict[str, Any], found: dict[str, Any]) -> None:
    asked = operation.get("requestBody", {}).get("content", {}).get(JSON)
    if asked is not None and found.get("request") is not None:
        asked.setdefault("example", found["request"])
    answered = operation["responses"].get(found.get("status", ""), {}).get("content", {}).get(JSON)
    if answered is not None and "response" in found:
        answered.setdefault("example", found["response"])
