"""Plain function views for the hottest reads: no serializers, the same errors, the same limits."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from core.api.throttles import PoliteThrottle, tell
from core.errors import DomainError, TooMany

View = Callable[..., Any]


def plain_get(view: View) -> View:
    """A GET that returns JSON data; refusals get the API's error body. Answers are never stored."""

    @csrf_exempt  # only reads; another method is told so instead of being asked for a token
    @functools.wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if request.method not in ("GET", "HEAD"):
                return _not_allowed(request)
            _limit(request)
            response: HttpResponse = JsonResponse(view(request, *args, **kwargs))
        except DomainError as error:
            response = refusal(error)
        response["Cache-Control"] = "no-store"
        tell(request, response)
        return response

    return wrapper


def described_by(description: type) -> Callable[[View], View]:
    """The schema reads `description`, an APIView that only carries `extend_schema`; the plain view does the work."""

    def mark(view: View) -> View:
        view.cls, view.initkwargs = description, {}  # type: ignore[attr-defined]
        return view

    return mark


def refusal(error: DomainError) -> JsonResponse:
    """A domain error as the API says it."""
    response = JsonResponse(error_body(error), status=error.status)
    retry_after = getattr(error, "retry_after", None)
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response


def error_body(error: DomainError) -> dict[str, Any]:
    """`{type, errors: [{code, detail, attr}], …details}`"""
    kind = "server_error" if error.status >= 500 else "validation_error" if error.status == 400 else "client_error"
    return {
        "type": kind,
        "errors": [{"code": error.code, "detail": error.message, "attr": error.attr}],
        **error.details,
    }


def _limit(request: Any) -> None:
    request.user = AnonymousUser()
    throttle = PoliteThrottle()
    if not throttle.allow_request(request, None):
        raise TooMany("throttled", "Request was throttled.", retry_after=max(int(throttle.wait()), 1))


def _not_allowed(request: HttpRequest) -> JsonResponse:
    detail = f'Method "{request.method}" not allowed.'
    body = {"type": "client_error", "errors": [{"code": "method_not_allowed", "detail": detail, "attr": None}]}
    return JsonResponse(body, status=405, headers={"Allow": "GET, HEAD"})
