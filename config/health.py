"""Is the house well? Each answer is plain JSON, needs no sign-in and is not limited."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import redis
from django.conf import settings
from django.db import connection
from django.db.models import Count, Min
from django.utils import timezone
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.decorators import api_view, authentication_classes, permission_classes, throttle_classes
from rest_framework.request import Request
from rest_framework.response import Response

from core.doors import ANYONE, Scope
from core.doors import door as declared
from core.work import Registry, WorkState

LATE = timedelta(minutes=2)  # an older promise that is due means that no worker is awake
SHAPE = inline_serializer(
    "Health",
    {
        "status": serializers.ChoiceField(choices=["ok", "degraded", "down"]),
        "checks": serializers.DictField(child=serializers.DictField(), required=False),
    },
)


def database() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {}


def broker() -> dict[str, Any]:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=0.5, socket_timeout=0.5)
    try:
        client.ping()
    finally:
        client.close()
    return {}


def promises() -> dict[str, Any]:
    """Age of the oldest promise that is due, and how many wait for a person."""
    now, oldest, dead, waiting = timezone.now(), None, 0, 0
    for kind in Registry.kinds.values():
        rows = kind.model._default_manager
        due = rows.filter(work_state=WorkState.PENDING, due_at__lte=now).aggregate(first=Min("due_at"), n=Count("pk"))
        waiting += due["n"]
        dead += rows.filter(work_state=WorkState.DEAD).count()
        if due["first"] is not None:
            oldest = due["first"] if oldest is None else min(oldest, due["first"])
    age = 0.0 if oldest is None else (now - oldest).total_seconds()
    return {
        "status": "ok" if age < LATE.total_seconds() else "late",
        "due": waiting,
        "dead": dead,
        "oldest_due_seconds": round(age, 1),
    }


def look(checks: dict[str, Callable[[], dict[str, Any]]]) -> dict[str, Any]:
    """Run each check; a failing one is down and says no more than its kind of error."""
    found = {}
    for name, check in checks.items():
        began = time.perf_counter()
        try:
            found[name] = {"status": "ok", **check()}
        except Exception as error:
            found[name] = {"status": "down", "error": type(error).__name__}
        found[name]["ms"] = round((time.perf_counter() - began) * 1000, 1)
    return found


def answer(found: dict[str, Any]) -> Response:
    """Without the database nothing works (503); without the broker, or with late promises, we still sell."""
    well = all(check["status"] == "ok" for check in found.values())
    down = found["database"]["status"] == "down"
    status = "down" if down else "ok" if well else "degraded"
    response = Response({"status": status, "checks": found}, status=503 if down else 200)
    if down:
        response["Retry-After"] = "5"
    response["Cache-Control"] = "no-store"
    return response


def door(view: Any) -> Any:
    """A GET for everybody."""
    open_view = throttle_classes([])(permission_classes([])(authentication_classes([])(view)))
    described = extend_schema(auth=[], responses={200: SHAPE})(api_view(["GET"])(open_view))
    return declared(ANYONE, scope=Scope.NONE)(described)


@door
def health(request: Request) -> Response:
    """Database, broker and promises in short."""
    return answer(look({"database": database, "broker": broker, "promises": promises}))


@door
def live(request: Request) -> Response:
    """The process answers."""
    return Response({"status": "ok"})


@door
def ready(request: Request) -> Response:
    """Fit to take guests: database, broker, age of the queue, oldest promise. 503 when not."""
    return answer(look({"database": database, "broker": broker, "promises": promises}))
