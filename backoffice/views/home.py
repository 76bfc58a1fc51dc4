"""The first page after signing in: the day for the desk, the queue for the doctor, their own doors for the rest."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from backoffice.menus import navigation
from backoffice.views import today
from medical.permissions import is_doctor, is_lead
from notifications.models import StaffTask

DESKS = {
    "front_desk": ["front_desk"],
    "reservations": ["reservations"],
    "finance": ["finance"],
    "medical_lead": ["medical"],
    "manager": ["front_desk", "reservations", "finance"],
    "admin": ["front_desk", "reservations", "finance"],
}


def first_page(site, request) -> HttpResponse:
    if is_doctor(request.user) or is_lead(request.user):
        return redirect("admin:medical_medicalform_changelist")
    if request.user.has_perm("backoffice.view_today"):
        return today.board(request, site)
    context = {
        **site.each_context(request),
        "title": _("Welcome"),
        "doors": [{"title": group["title"], "entries": group["items"]} for group in navigation(request)],
        "tasks": list(open_tasks(request.user)[:12]),
    }
    return TemplateResponse(request, "admin/welcome.html", context)


def open_tasks(user):
    """The open tasks of the desks that this person sits at."""
    roles = user.groups.values_list("name", flat=True)
    desks = {desk for role in roles for desk in DESKS.get(role, [])}
    return StaffTask.objects.filter(done_at__isnull=True, desk__in=desks).order_by("created_at")
