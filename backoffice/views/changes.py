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
from bookings.models import BookedRoom, Guest, StayBooking
from core.doors import Scope, door
from core.reach import reach_of
from core.references import normalise
from rooms.models import Assignment, Room

SHOWN = 40
STAY = "bookings.staybooking"
DAYS = 30
# a row without a page of its own is seen by its owner's
OWNERS = ("booking", "folio", "room", "room_type", "user", "form")


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
        "about_of": f"{about._meta.label_lower}:{about.pk}" if about else "",
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
        elif door_of is None and (field := _owner(request, site, model)):
            owners = site._registry[field.related_model].get_queryset(request).order_by()
            rows = None if whole else model._default_manager.filter(**{f"{field.name}__in": owners})
            found.append(Shelf(model, event, rows))
    return found


def _owner(request: Any, site: Any, model: type[Model]) -> Any:
    """The field that names a row's owner, when this person may look at such owners."""
    for field in model._meta.concrete_fields:
        owner = site._registry.get(field.related_model) if field.name in OWNERS else None
        if owner is not None and owner.has_view_permission(request):
            return field
    return None


def _about(request: Any, site: Any, shelves: list[Shelf]) -> Any:
    """The one object that is asked for, if this person may see it; else 404."""
    label, _colon, pk = request.GET.get("of", "").partition(":")
    if not label and (typed := request.GET.get("stay", "").strip()[:40].replace("\x00", "")):
        label, pk = STAY, normalise(typed)
    if not label:
        return None
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        raise Http404 from None
    shelf = next((one for one in shelves if one.model is model), None)
    if shelf is None:
        raise Http404
    try:
        if (page := site._registry.get(model)) is not None:
            found = page.get_object(request, pk)
        else:
            rows = model._default_manager.all() if shelf.rows is None else shelf.rows
            found = rows.filter(pk=pk).first()
    except (ValueError, ValidationError):
        found = None
    if found is None:
        raise Http404
    return found


def _wish(request: Any, about: Any) -> tuple[Wish, dict[str, str]]:
    """What is looked for, and the same as it was typed."""
    names = ("of", "stay", "table", "who", "from", "to", "request", "page")
    asked = {name: request.GET.get(name, "").strip()[:100].replace("\x00", "") for name in names}
    since, until = _day(asked["from"]), _day(asked["to"])
    if not (about or since):
        since = timezone.now() - timedelta(days=DAYS)
    actor, kind = _who(asked["who"])
    return (
        Wish(
            model=about._meta.label_lower if about else asked["table"].lower(),
            pk=str(about.pk) if about else "",
            also=belonging(about),
            actor=actor,
            kind=kind,
            request=asked["request"],
            since=since,
            until=until + timedelta(days=1) if until else None,
        ),
        asked,
    )


def belonging(about: Any) -> dict[str, list[Any]]:
    """The rows that belong to a stay (its rooms, guests, and which room each was given) or to a room."""
    if isinstance(about, Room):
        return {Assignment._meta.label_lower: list(about.assignments.values_list("pk", flat=True))}
    if not isinstance(about, StayBooking):
        return {}
    rooms = list(about.rooms.values_list("pk", "key"))
    given = Assignment.objects.filter(holder__in=[str(key) for _pk, key in rooms])
    return {
        BookedRoom._meta.label_lower: [pk for pk, _key in rooms],
        Guest._meta.label_lower: list(about.guests.values_list("pk", flat=True)),
        Assignment._meta.label_lower: list(given.values_list("pk", flat=True)),
    }


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
