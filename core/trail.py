"""Who acts, through which door, in which request: told to the database with each statement that writes.

The trail is a setting of the transaction (`set_config(…, is_local)`), sent in front of the first writing statement in
the same message: no query more, nothing left on a pooled connection. The triggers of `core.tracked` copy it into each
event. Reads are not touched. The user of a request is asked for at the moment of writing, because an API call knows
its user only after the token was read.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject, empty
from psycopg.pq import TransactionStatus

from core.actors import SYSTEM, Actor
from core.request_id import current

WRITES = ("insert", "update", "delete", "with", "merge")
SETTING = "pghistory.context_metadata"


class Trail:
    """One request, task or command. `actor` is fixed, or found in the request when something is written."""

    __slots__ = ("_text", "_user", "actor", "door", "request", "request_id")

    def __init__(
        self, door: str, request_id: str, *, actor: Actor | None = None, request: HttpRequest | None = None
    ) -> None:
        self.door, self.request_id, self.actor, self.request = door, request_id, actor, request
        self._text, self._user = "", -1

    def text(self) -> str:
        """The trail as the database keeps it."""
        user = None if self.actor else _user_of(self.request)
        known = user.pk if user else 0
        if not self._text or known != self._user:
            actor = self.actor or (Actor.of(user) if user else VISITOR)
            said = {"kind": actor.kind, "user": actor.user_id, "name": actor.name}
            self._text = json.dumps({**said, "request": self.request_id, "door": self.door})
            self._user = known
        return self._text


VISITOR = Actor("visitor")
_current: ContextVar[Trail | None] = ContextVar("trail", default=None)


@contextmanager
def follow(trail: Trail) -> Iterator[Trail]:
    """Everything written inside carries this trail; an outer one comes back afterwards."""
    token = _current.set(trail)
    try:
        yield trail
    finally:
        _current.reset(token)


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """A door that knows better than the session who acts, such as a gateway's notice, says so for this block."""
    outer = _current.get()
    with follow(Trail(outer.door if outer else "", outer.request_id if outer else "", actor=actor)):
        yield


def of_command(argv: list[str]) -> Trail:
    """The trail of `manage.py <name> …`; the house acts, the command's name stands in for a person."""
    name = argv[1] if len(argv) > 1 else "manage"
    return Trail("command", uuid.uuid4().hex, actor=Actor("system", name=f"manage.py {name}"[:60]))


def begin_task(task_id: str) -> Any:
    """A background task starts; give the answer to `end_task`. The house itself acts."""
    return _current.set(Trail("task", task_id, actor=SYSTEM))


def end_task(token: Any) -> None:
    _current.reset(token)


def _user_of(request: HttpRequest | None) -> Any:
    """The signed-in user if the request knows him already. Never asks the database."""
    user = getattr(request, "user", None)
    if isinstance(user, SimpleLazyObject) and user._wrapped is empty:
        return None
    return user if user is not None and user.is_authenticated else None


def stamp(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Execute-wrapper of every connection: puts the trail in front of a statement that writes."""
    connection = context["connection"]
    real = connection.connection
    if real is None or not isinstance(sql, str):
        return execute(sql, params, many, context)
    status = real.info.transaction_status
    word = sql[:24].lstrip().lower()
    if status == TransactionStatus.IDLE or word.startswith("rollback"):
        connection.pema_trail = ""  # a new transaction, or one that went back, has forgotten the setting
    if not word.startswith(WRITES) or status == TransactionStatus.INERROR:
        return execute(sql, params, many, context)
    trail = _current.get()
    text = trail.text() if trail else ""
    if text == getattr(connection, "pema_trail", ""):
        return execute(sql, params, many, context)
    connection.pema_trail = text
    return _with(execute, text, sql, params, many, context)


def _with(execute: Callable[..., Any], text: str, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    setting = "SELECT set_config('{}', '{}', true)".format(SETTING, text.replace("'", "''"))
    if many:
        with context["connection"].connection.cursor() as cursor:
            cursor.execute(setting)
        return execute(sql, params, many, context)
    if params is not None:
        setting = setting.replace("%", "%%")
    result = execute(f"{setting}; {sql}", params, many, context)
    while result is not None and result.nextset():
        pass
    return result


def install(sender: Any, connection: Any, **kwargs: Any) -> None:
    """On each new connection: first in the row, so that a wrapper that comes and goes takes only itself away."""
    if connection.vendor == "postgresql" and stamp not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, stamp)


class TrailMiddleware:
    """Follows each request; stands right behind the one that gives the id."""

    DOORS = (("/api/", "api"), ("/admin/", "admin"))

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        door = next((name for prefix, name in self.DOORS if request.path.startswith(prefix)), "web")
        with follow(Trail(door, current(), request=request)):
            return self.get_response(request)
