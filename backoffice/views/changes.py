"""Field by field: who changed what, when, through which door and in which request. Read-only."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.models import User
from audit.changes import Shelf, Wish, find
from audit.events import tracked_models
from audit.models import History
from backoffice.permissions import CHANGES, sees_changes
from backoffice.views.change_words import plain
from core.doors import Scope, door
from core.reach import reach_of

SHOWN = 40
DAYS = 30
OWNERS = ("booking", "folio", "room_type", "user", "form")  # a row without a page of its own is seen by its owner's


@door(needs=CHANGES, scope=Scope.PROPERTY)
def changes(request, site) -> HttpResponse:
    if not sees_changes(request.user):
        raise PermissionDenied
    shelves = shelves_of(request, site)
    about = _about(request, site, shelves)
    wish, asked = _wish(request, about)
    page = max(1, int(asked["page"])) if asked["page"].isascii() and asked["page"].isdigit() else 1
    page = min(page, 50)
    rows = find(shelves, wish, limit=SHOWN + 1, offset=(page - 1) * SHOWN)
    context = {
        **site.each_context(request),
        "title": _("Changes"),
        "about": about,
        "about_kind": about._meta.verbose_name if about else "",
        "asked": asked,
        "changes": plain(rows[:SHOWN]),
        "moves": _moves(about),
        "tables": sorted((shelf.model._meta.label_lower, shelf.model._meta.verbose_name) for shelf in shelves),
        "page": page,
        "more": len(rows) > SHOWN,
        "query": urlencode({key: value for key, value in asked.items() if value and key != "page"}),
    }
    return TemplateResponse(request, "admin/changes.html", context)


def shelves_of(request: Any, site: Any) -> list[Shelf]:
    """The tables that this person's role opens, cut to the properties that she works for."""
    whole = reach_of(request.user).whole
    found = []
    for model, event in tracked_models().items():
        door_of = site._registry.get(model)
        if door_of is not None and door_of.has_view_permission(request):
            found.append(Shelf(model, event, None if whole else door_of.get_queryset(request)))
        elif door_of is None and whole and _owner_opens(request, site, model):
            found.append(Shelf(model, event))
    return found


def _owner_opens(request: Any, site: Any, model: type[Model]) -> bool:
    for field in model._meta.concrete_fields:
        owner = site._registry.get(field.related_model) if field.name in OWNERS else None
        if owner is not None and owner.has_view_permission(request):
            return True
    return False


def _about(request: Any, site: Any, shelves: list[Shelf]) -> Any:
    """The one object that is asked for, if this person may see it; else 404."""
    label, _colon, pk = request.GET.get("of", "").partition(":")
    if not label:
        return None
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        raise Http404 from None
    if not any(shelf.model is model for shelf in shelves):
        raise Http404
    try:
        if (page := site._registry.get(model)) is not None:
            found = page.get_object(request, pk)
        else:
            found = model._default_manager.filter(pk=pk).first()
    except (ValueError, ValidationError):
        found = None
    if found is None:
        raise Http404
    return found


def _wish(request: Any, about: Any) -> tuple[Wish, dict[str, str]]:
    """What is looked for, and the same as it was typed."""
    names = ("of", "table", "who", "from", "to", "request", "page")
    asked = {name: request.GET.get(name, "").strip()[:100].replace("\x00", "") for name in names}
    since, until = _day(asked["from"]), _day(asked["to"])
    if not (about or since):
        since = timezone.now() - timedelta(days=DAYS)
    actor, kind = _who(asked["who"])
    return (
        Wish(
            model=about._meta.label_lower if about else asked["table"].lower(),
            pk=str(about.pk) if about else "",
            actor=actor,
            kind=kind,
            request=asked["request"],
            since=since,
            until=until + timedelta(days=1) if until else None,
        ),
        asked,
    )


def _who(typed: str) -> tuple[int | None, str]:
    """An e-mail address names an account, one of five words a kind; an unknown address finds nothing."""
    if not typed:
        return None, ""
    if typed in ("guest", "staff", "system", "visitor", "gateway"):
        return None, typed
    return User.objects.filter(email=typed.lower()).values_list("pk", flat=True).first() or 0, ""


def _day(typed: str) -> datetime | None:
    """The beginning of a day of the house; what is no sensible day is passed over."""
    try:
        day = datetime.strptime(typed, "%Y-%m-%d")
    except ValueError:
        return None
    return timezone.make_aware(day) if 2000 <= day.year <= 2200 else None


def _moves(about: Any) -> list[dict[str, Any]]:
    """The moves of state of the object, from the history."""
    if about is None:
        return []
    named = {getattr(about, name, None) for name in ("reference", "slug", "code", "number", "public_id", "pk")}
    kinds = {about._meta.model_name, *(["booking"] if hasattr(about, "reference") else [])}
    subjects = [f"{kind}:{name}"[:60] for kind in kinds for name in named if name]
    rows = History.objects.filter(subject__in=subjects).order_by("-id")[:SHOWN]
    return [
        {
            "at": row.at,
            "what": row.event.replace("_", " ").capitalize(),
            "moved": " → ".join(state.replace("_", " ") for state in (row.from_state, row.to_state) if state),
            "reason": row.reason,
            "who": row.actor_name or row.actor_kind,
        }
        for row in rows
    ]
