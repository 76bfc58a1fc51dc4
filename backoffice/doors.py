"""Every address of the house with its declaration: who may come in, whose things it shows, whether it writes.

Our own views say it themselves (`core.doors.door`). A page of the admin is derived from its ModelAdmin: each role of
`backoffice.roles` is asked for the permission. What Django's admin brings along stands in `LIBRARY`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.roles import ALL
from backoffice.roles import ROLES
from core.doors import ANYONE, GUEST, HOLDER, PEER, STAFF, Door, Scope, door_of

NOBODY, PERSON = "anonymous", "guest"
CALLERS = (NOBODY, PERSON, *ALL)
ANY_METHOD = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")

LIBRARY: dict[str, Door] = {
    "admin:index": Door((STAFF,), Scope.PROPERTY, False),
    "admin:search": Door((STAFF,), Scope.PROPERTY, False),
    "admin:login": Door((ANYONE,), Scope.NONE, True),
    "admin:logout": Door((ANYONE,), Scope.OWN, True),
    "admin:password_change": Door((STAFF,), Scope.OWN, True),
    "admin:password_change_done": Door((STAFF,), Scope.NONE, False),
    "admin:autocomplete": Door((STAFF,), Scope.PROPERTY, False),
    "admin:jsi18n": Door((STAFF,), Scope.NONE, False),
    "admin:view_on_site": Door((STAFF,), Scope.NONE, False),
    "admin:app_list": Door((STAFF,), Scope.NONE, False),
    "admin:": Door((STAFF,), Scope.NONE, False),
}


@dataclass(frozen=True, slots=True)
class Route:
    """One address. `door` is None when nobody has said a word: the build fails then."""

    path: str
    name: str
    callback: Any
    door: Door | None
    methods: tuple[str, ...]
    throttled: bool
    in_schema: bool

    @property
    def callers(self) -> frozenset[str]:
        """The roles that may come in, by their own right; holders of a link come in besides."""
        return frozenset() if self.door is None else callers_of(self.door)


def routes(resolver: URLResolver | None = None) -> list[Route]:
    """The inventory, in the order of the resolver; nothing is left out."""
    return [_route(path, name, pattern) for path, name, pattern in _walk(resolver or get_resolver())]


def undeclared(resolver: URLResolver | None = None) -> list[str]:
    """Addresses that nobody has declared."""
    return [f"/{route.path} ({route.name})" for route in routes(resolver) if route.door is None]


def callers_of(door: Door) -> frozenset[str]:
    """`who` and `needs` as roles."""
    found = {role for role in ALL if door.needs and door.needs in ROLES[role]}
    for word in door.who:
        found |= {ANYONE: set(CALLERS), GUEST: set(CALLERS) - {NOBODY}, STAFF: set(ALL)}.get(word, {word})
    return frozenset(found - {HOLDER, PEER})


def _walk(
    resolver: URLResolver, prefix: str = "", spaces: tuple[str, ...] = ()
) -> Iterator[tuple[str, str, URLPattern]]:
    for one in resolver.url_patterns:
        path = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one, path, (*spaces, one.namespace) if one.namespace else spaces)
        else:
            yield path, ":".join([*spaces, one.name or ""]), one


def _route(path: str, name: str, pattern: URLPattern) -> Route:
    view = pattern.callback
    door = door_of(view) or _of_model(name, view) or LIBRARY.get(name)
    shown = getattr(view, "cls", None)
    api = path.startswith(("api/", "health"))
    return Route(
        path=path,
        name=name,
        callback=view,
        door=door,
        methods=methods_of(view),
        throttled=api and (bool(getattr(shown, "throttle_classes", ())) or hasattr(view, "__wrapped__")),
        in_schema=api and shown is not None and getattr(shown, "schema", None) is not None,
    )


def methods_of(view: Any) -> tuple[str, ...]:
    """The verbs that a view understands; every verb when nothing limits it."""
    cls = getattr(view, "cls", None) or getattr(view, "view_class", None)
    if cls is not None:
        given = getattr(view, "initkwargs", None) or getattr(view, "view_initkwargs", None) or {}
        allowed = given.get("http_method_names", cls.http_method_names)
        return tuple(verb for verb in ANY_METHOD if verb.lower() in allowed and hasattr(cls, verb.lower()))
    while view is not None:
        names = getattr(getattr(view, "__code__", None), "co_freevars", ())
        if "request_method_list" in names:
            return tuple(view.__closure__[names.index("request_method_list")].cell_contents)
        view = getattr(view, "__wrapped__", None)
    return ANY_METHOD


def _of_model(name: str, view: Any) -> Door | None:
    """The declaration of a page of a ModelAdmin; None for what is no such page."""
    page = getattr(view, "model_admin", None) or getattr(view, "__self__", None)
    if page is None and (owner := getattr(view, "__wrapped__", None)) is not None:
        page = getattr(owner, "__self__", None)
    if page is None or not hasattr(page, "opts"):
        return None
    scope = Scope.HOUSE if page.within is None else Scope.PROPERTY
    prefix = f"admin:{page.opts.app_label}_{page.opts.model_name}_"
    deed = name.removeprefix(prefix)
    needed = getattr(getattr(page, deed, None), "allowed_permissions", None) if name.startswith(prefix) else None
    if needed is not None:
        who = tuple(role for role in ALL if set(needed) <= set(ROLES[role]) and page.has_view_permission(_as(role)))
        return Door(who, scope, True)
    may = {
        "add": lambda asked: page.has_add_permission(asked),
        "delete": lambda asked: page.has_delete_permission(asked),
        "change": lambda asked: page.has_view_or_change_permission(asked),
        "history": lambda asked: page.has_view_or_change_permission(asked),
        "changelist": lambda asked: page.has_view_or_change_permission(asked),
        "password_change": lambda asked: page.has_change_permission(asked),
    }.get(name.rpartition("_")[2] if not name.endswith("password_change") else "password_change")
    if may is None and name == "admin:":  # the old address of a row leads on to its page
        may = lambda asked: True  # noqa: E731
    if may is None:
        return None
    who = tuple(role for role in ALL if may(_as(role)))
    return Door(who, scope, deed in ("add", "change", "delete") or name.endswith("password_change"))


class _Holder(AnonymousUser):
    """Somebody with exactly the permissions of one role, for asking a page whether it would let her in."""

    is_staff = is_active = is_authenticated = True  # type: ignore[assignment]

    def __init__(self, role: str) -> None:
        self._held = frozenset(ROLES[role])
        self._medical_groups = {role}

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return perm in self._held


@cache
def _as(role: str) -> HttpRequest:
    request = HttpRequest()
    request.user = _Holder(role)  # type: ignore[assignment]
    return request
