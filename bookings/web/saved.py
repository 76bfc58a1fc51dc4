"""Saved programs and rooms: the page of them, and the heart that saves one. A visitor's own are kept in the session."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bookings.domain import favourites as verbs
from bookings.queries import favourites as queries
from core.doors import ANYONE, Scope, door
from core.errors import DomainError, Missing
from core.http import see
from core.nights import local_date
from programs.models import Program
from programs.queries import lowest_prices
from programs.web import cards
from rooms.models import RoomType
from rooms.queries import property_of_the_site

KEY = "saved"  # in the session: [kind, slug] of a visitor who is not signed in
MOST = 30


@never_cache
@door(ANYONE, scope=Scope.OWN)
@require_safe
def saved(request: HttpRequest) -> HttpResponse:
    """Everything that is saved and still on sale."""
    programs, rooms = _things(request)
    home = property_of_the_site()
    context: dict[str, Any] = {"programs": [], "rooms": []}
    if home is not None and (programs or rooms):
        prices = lowest_prices(home, today=local_date(timezone.now(), home.time_zone))
        context["programs"] = cards.program_cards(programs, prices.programs)
        context["rooms"] = cards.room_cards(rooms, prices.rooms)
    return render(request, "saved.html", context)


@never_cache
@door(ANYONE, scope=Scope.OWN, changes=True)
@require_POST
def heart(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """Save (`save=1`) or forget; twice is the same as once. Then back to where the heart was pressed."""
    saving = request.POST.get("save") == "1"
    wanted = verbs.thing(kind, slug, hidden=not saving)
    name = (verbs.PROGRAM if isinstance(wanted, Program) else verbs.ROOM_TYPE, wanted.slug)
    if request.user.is_authenticated:
        _of_account(request, wanted, saving)
    else:
        _of_session(request, name, saving)
    return see(_back(request, f"heart-{name[0]}-{name[1]}"))


def names(request: HttpRequest) -> set[tuple[str, str]]:
    """What this visitor has saved, as (kind, slug); looked up once for a page."""
    found: set[tuple[str, str]] | None = getattr(request, "saved_names", None)
    if found is None:
        found = queries.names_of(request.user) if request.user.is_authenticated else set(of_session(request))
        request.saved_names = found  # type: ignore[attr-defined]
    return found


def of_session(request: HttpRequest) -> list[tuple[str, str]]:
    """What a visitor who is not signed in has saved, oldest first."""
    return [(verbs.known(str(kind)), str(slug)) for kind, slug in request.session.get(KEY, [])]


def _of_account(request: HttpRequest, wanted: verbs.Thing, saving: bool) -> None:
    if not saving:
        verbs.forget(request.user, wanted)
        return
    try:
        verbs.save(request.user, wanted, at=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)


def _of_session(request: HttpRequest, name: tuple[str, str], saving: bool) -> None:
    kept = [one for one in of_session(request) if one != name]
    request.session[KEY] = [*kept, name][-MOST:] if saving else kept
    if saving:
        messages.info(request, _("Saved for this visit. Sign in, and it stays in your account."))


def _things(request: HttpRequest) -> tuple[list[Program], list[RoomType]]:
    if request.user.is_authenticated:
        rows = list(queries.of(request.user))
        return [row.program for row in rows if row.program], [row.room_type for row in rows if row.room_type]
    found = []
    for kind, slug in reversed(of_session(request)):
        try:
            found.append(verbs.thing(kind, slug))
        except Missing:
            continue
    return [one for one in found if isinstance(one, Program)], [one for one in found if isinstance(one, RoomType)]


def _back(request: HttpRequest, anchor: str) -> str:
    wanted = request.POST.get("next", "")
    own = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return f"{wanted.partition('#')[0]}#{anchor}" if own and wanted.startswith("/") else "/saved"
