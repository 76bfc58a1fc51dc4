"""The matrix of roles: what each may do in plain words, and which addresses are open to each."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import ALL
from backoffice.doors import ANY_METHOD, CALLERS, Route, routes
from backoffice.permissions import ROLES_SEEN, sees_roles
from backoffice.roles import ROLES
from core.doors import Scope, door

AREAS = {
    "backoffice": gettext_lazy("The day and the house"),
    "bookings": gettext_lazy("Stays"),
    "rooms": gettext_lazy("Rooms"),
    "payments": gettext_lazy("Money"),
    "programs": gettext_lazy("What we sell"),
    "notifications": gettext_lazy("Messages and tasks"),
    "medical": gettext_lazy("Medical review"),
    "accounts": gettext_lazy("People"),
    "auth": gettext_lazy("People"),
    "audit": gettext_lazy("What happened, who looked"),
}


@door(needs=ROLES_SEEN, scope=Scope.HOUSE)
def matrix(request, site) -> HttpResponse:
    """Roles across, deeds down; kept by the code, so it means the same on every machine."""
    if not sees_roles(request.user):
        raise PermissionDenied
    context = {
        **site.each_context(request),
        "title": _("Roles"),
        "roles": [{"code": role, "name": words(role)} for role in ALL],
        "areas": areas(),
    }
    return TemplateResponse(request, "admin/roles.html", context)


@door(needs=ROLES_SEEN, scope=Scope.HOUSE)
def doors(request, role: str, site) -> HttpResponse:
    """Every address that this role may call, whose things it shows and whether it writes."""
    if not sees_roles(request.user):
        raise PermissionDenied
    if role not in CALLERS:
        raise Http404
    found = [route for route in routes() if role in route.callers]
    context = {
        **site.each_context(request),
        "title": _("Addresses open to: %(role)s") % {"role": words(role)},
        "role": role,
        "callers": [{"code": one, "name": words(one)} for one in CALLERS],
        "doors": [{"path": f"/{one.path}", "methods": verbs(one), "door": one.door} for one in found],
    }
    return TemplateResponse(request, "admin/role_doors.html", context)


def areas() -> list[dict[str, Any]]:
    """The permissions that any role holds, by area, in the words of the permission, with a mark for each role."""
    names = {
        f"{app}.{code}": str(name).removeprefix("Can ")
        for app, code, name in Permission.objects.values_list("content_type__app_label", "codename", "name")
    }
    found: dict[str, list[dict[str, Any]]] = {}
    for code in dict.fromkeys(code for role in ALL for code in ROLES[role]):
        area = str(AREAS.get(code.partition(".")[0], _("Other")))
        row = {"words": names.get(code, code), "cells": [(words(role), code in ROLES[role]) for role in ALL]}
        found.setdefault(area, []).append(row)
    return [{"name": name, "rows": sorted(rows, key=lambda row: row["words"])} for name, rows in found.items()]


def verbs(route: Route) -> str:
    return " ".join(route.methods) if len(route.methods) < len(ANY_METHOD) else str(_("any"))


def words(role: str) -> str:
    return role.replace("_", " ")
