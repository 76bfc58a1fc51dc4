"""Politeness limits per token or address, counted in Redis so that all workers share them.

Without Redis they step aside: the site still sells. Sign-in limits live in PostgreSQL (`accounts.domain.limits`).
"""

from __future__ import annotations

import hashlib
import logging
import math
import threading
import time
from typing import Any

import redis
from django.conf import settings
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

from core.network import client_address

log = logging.getLogger(__name__)
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
TOLD = "pema.rate_limit"


def tell(request: Any, response: Any) -> None:
    """The headers `RateLimit-*` of an answer whose request has been counted."""
    counted = request.META.get(TOLD)
    if counted:
        for name, value in zip(("Limit", "Remaining", "Reset"), counted, strict=True):
            response.headers[f"RateLimit-{name}"] = str(value)


def rate(text: str) -> tuple[int, int]:
    """`300/min` -> (300, 60)."""
    number, _, period = text.partition("/")
    return int(number), SECONDS[period[:1]]


def signed_in(request: Any) -> Any:
    """The person who calls, or None. Public reads ask nobody in, and still count calls with a token for its holder; one
    that opens nothing counts as none there."""
    if request.user and request.user.is_authenticated:
        return request.user
    if request.method not in ("GET", "HEAD") or "Authorization" not in request.headers:
        return None
    for each in api_settings.DEFAULT_AUTHENTICATION_CLASSES:
        try:
            found = each().authenticate(request)
        except APIException:
            continue
        if found:
            return found[0]
    return None


class PoliteThrottle(BaseThrottle):
    """A fixed window per caller."""

    _redis: redis.Redis | None = None
    _asleep_until = 0.0
    _making = threading.Lock()

    def allow_request(self, request: Request, view: Any) -> bool:
        person = signed_in(request)
        limit, window = rate(settings.RATE_LIMIT_TOKEN if person else settings.RATE_LIMIT_ANON)
        caller = f"user:{person.pk}" if person else f"ip:{client_address(request)}"
        self.wait_seconds = window - time.time() % window
        count = self._count(caller, window)
        request.META[TOLD] = (limit, max(limit - count, 0), math.ceil(self.wait_seconds))
        return count <= limit

    def wait(self) -> float:
        return self.wait_seconds

    @classmethod
    def _count(cls, caller: str, window: int) -> int:
        if time.monotonic() < cls._asleep_until:
            return 0
        name = hashlib.sha256(caller.encode()).hexdigest()[:24]
        key = f"pema:limit:{name}:{int(time.time() // window)}"
        try:
            pipe = cls._client().pipeline()
            pipe.incr(key)
            pipe.expire(key, window + 1)
            return int(pipe.execute()[0])
        except Exception as error:  # whatever ails the counter, a limit of politeness never breaks the site
            cls._asleep_until = time.monotonic() + 5
            log.warning("limits step aside: %s", type(error).__name__)
            return 0

    @classmethod
    def _client(cls) -> redis.Redis:
        """One client for all threads. Two made at once would be one thrown away with its connections in use."""
        with cls._making:
            if cls._redis is None:
                cls._redis = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=0.3, socket_timeout=0.3)
            return cls._redis
