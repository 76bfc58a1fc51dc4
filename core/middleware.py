"""Plumbing around every request."""

from __future__ import annotations

import logging
import re
import secrets
import uuid
from collections.abc import Callable
from datetime import UTC

from django.conf import settings
from django.contrib import messages
from django.db import DatabaseError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from core import request_id
from core.db import translate
from core.errors import DomainError, Missing, TooMany, Unavailable
from core.network import from_trusted_proxy

Handler = Callable[[HttpRequest], HttpResponse]
FORWARDED = ("HTTP_X_FORWARDED_", "HTTP_FORWARDED")


class RequestIdFilter(logging.Filter):
    """Puts the id of the request into each log line."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.current() or "-"
        return True


class ForwardedHeadersMiddleware:
    """What a stranger says about whom he forwards for is not heard: only proxies in TRUSTED_PROXIES may say it.

    First in the list, so that nothing behind it (the scheme of the request, the host) can believe those headers.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not from_trusted_proxy(request):
            for name in [one for one in request.META if one.startswith(FORWARDED)]:
                del request.META[name]
        return self.get_response(request)


class RequestIdMiddleware:
    """Gives every request an id and sends it back; an id of the caller is kept when it is harmless."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        ident = given if re.fullmatch(r"[A-Za-z0-9_-]{8,40}", given) else uuid.uuid4().hex
        request_id.begin(ident)
        response = self.get_response(request)
        response["X-Request-ID"] = ident
        return response


class RefuseNulMiddleware:
    """PostgreSQL cannot store NUL: a path or query that holds one is bad input, not a fault of ours."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "\x00" in request.path or "%00" in query or "\x00" in query:
            return self._refused(request, "The address holds a character that cannot be read.")
        return self.get_response(request)

    @staticmethod
    def _refused(request: HttpRequest, words: str) -> HttpResponse:
        if not request.path.startswith("/api/"):
            return HttpResponseBadRequest(words)
        error = {"code": "bad_address", "detail": words, "attr": None}
        return JsonResponse({"type": "client_error", "errors": [error]}, status=400)


class ApiClockMiddleware:
    """Instants of the API are UTC; pages speak the property's time."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/api/"):
            return self.get_response(request)
        with timezone.override(UTC):
            return self.get_response(request)


class Nonce:
    """A word that allows what carries it, on this answer only; made when a template asks for it."""

    def __init__(self) -> None:
        self.word = ""

    def __str__(self) -> str:
        self.word = self.word or secrets.token_urlsafe(16)
        return self.word


class SecurityHeadersMiddleware:
    """Content security policy, and no caching of personal pages. Guest pages carry no inline code at all."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.csp_nonce = Nonce()  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", self.policy(request, request.csp_nonce.word))  # type: ignore[attr-defined]
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            response.setdefault("Cache-Control", "no-store")
        return response

    @staticmethod
    def policy(request: HttpRequest, nonce: str = "") -> str:
        """No page carries inline code or styles. The themed admin evaluates expressions (Alpine.js): it alone gets
        'unsafe-eval' (docs/adr/0017)."""
        script = "'self' 'unsafe-eval'" if request.path.startswith("/admin/") else "'self'"
        style = f"'self' 'nonce-{nonce}'" if nonce else "'self'"
        gateway = re.sub(r"^(https?://[^/]+).*", r"\1", settings.PAYU_PAYMENT_URL)
        google = " https://accounts.google.com" if settings.GOOGLE_SIGN_IN else ""
        return (
            f"default-src 'self'; script-src {script}; style-src {style}; img-src 'self' data:; font-src 'self'; "
            f"connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; worker-src 'self' blob:; "
            f"form-action 'self' {gateway}{google}"
        )


class DomainErrorMiddleware:
    """The last net: a refusal that no door has translated, or a busy database, still gets a kind answer."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, DatabaseError):
            busy = Unavailable("unavailable", "We cannot reach our books right now. Please try again in a moment.")
            error = translate(error) or (busy if isinstance(error, OperationalError) else error)
        if not isinstance(error, DomainError):
            return None
        if request.path.startswith("/api/"):
            response: HttpResponse = JsonResponse(
                {
                    "type": "client_error" if error.status < 500 else "server_error",
                    "errors": [{"code": error.code, "detail": error.message, "attr": error.attr}],
                },
                status=error.status,
            )
        else:
            response = self._page(request, error)
        if isinstance(error, (TooMany, Unavailable)):
            response["Retry-After"] = str(error.retry_after)
        return response

    @staticmethod
    def _page(request: HttpRequest, error: DomainError) -> HttpResponse:
        if isinstance(error, Missing):
            return render(request, "404.html", {"message": error.message, "code": error.code}, status=404)
        if hasattr(request, "_messages"):
            list(messages.get_messages(request))
        return render(request, "refused.html", {"error": error}, status=error.status)
