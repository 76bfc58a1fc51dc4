"""Every door says who may come in and whose things it shows; a door without a word fails the build.

The declaration opens nothing: permissions do that. `config/tests/test_routes.py` holds the permissions against it, for
each route, role and verb, and the API's schema prints it as "who may call this".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

ANYONE = "anyone"  # signed in or not
GUEST = "guest"  # signed in, of whatever role
HOLDER = "holder"  # has the signed link or key of the thing
STAFF = "staff"  # any role of the house
PEER = "peer"  # another machine that proves itself (a gateway's signature, the PMS' password)

View = TypeVar("View", bound=Callable[..., Any])


class Scope(StrEnum):
    """Whose objects the door shows; somebody else's are 404."""

    NONE = "none"  # no object at all (a form, a search, a list of what is public)
    PUBLIC = "public"  # published catalogue and content
    OWN = "own"  # the caller's own
    ASSIGNED = "assigned"  # given to the caller to work on (a doctor's reviews)
    PROPERTY = "property"  # everything of the properties that the member of staff works for
    HOUSE = "house"  # everything
    WHOLE = "whole"  # what no property divides: opens only to who works for every property


@dataclass(frozen=True, slots=True)
class Door:
    """`who`: roles (`accounts.roles`) or the words above; `scope`: whose objects; `changes`: writes something.

    `needs` is a permission: whoever's role holds it comes in too (which roles do stands in `backoffice.roles`).
    """

    who: tuple[str, ...]
    scope: Scope
    changes: bool
    needs: str = ""


def door(*who: str, scope: Scope, changes: bool = False, needs: str = "") -> Callable[[View], View]:
    """Declare a view, function or class; on a class, give `changes=True` when any of its verbs writes."""

    def declare(view: View) -> View:
        view.door = Door(who, scope, changes, needs)  # type: ignore[attr-defined]
        if "cls" in vars(view):  # a plain view that is described by a class of its own: the schema reads that one
            view.cls.door = view.door  # type: ignore[attr-defined]
        return view

    return declare


def door_of(view: Any) -> Door | None:
    """The declaration of a resolved callback, whatever wraps it (functools.wraps keeps attributes)."""
    for one in (view, getattr(view, "cls", None), getattr(view, "view_class", None)):
        found = getattr(one, "door", None)
        if isinstance(found, Door):
            return found
    return None
