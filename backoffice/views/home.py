"""The first page after signing in: the day for the desk, the queue for the doctor, their own doors for the rest."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from backoffice.menus import navigation
from backoffice.permissions import sees_today
from backoffice.views import today
from core.reach import Reach, by_subject, reach_of
from medical.permissions import reviews
from notifications.models import StaffTask
from payments.models import MoneyException, Payment, Refund
from payments.permissions import OF_FOLIO, of_exception, sees_exceptions

DESKS = {
    "front_desk": ["front_desk"],
    "reservations": ["reservations"],
    "finance": ["finance"],
    "medical_lead": ["medical"],
    "manager": ["front_desk", "reservations", "finance", "management"],
    "admin": ["front_desk", "reservations", "finance", "management"],
}


def first_page(site, request) -> HttpResponse:
    if reviews(request.user):
        return redirect("admin:medical_medicalform_changelist")
    if sees_today(request.user):
        return today.board(request, site)
    context = {
        **site.each_context(request),
        "title": _("Welcome"),
        "doors": [{"title": group["title"], "entries": group["items"]} for group in navigation(request)],
        "tasks": list(open_tasks(request.user)[:12]),
        "figures": money_figures(reach_of(request.user)) if sees_exceptions(request.user) else [],
    }
    return TemplateResponse(request, "admin/welcome.html", context)


def money_figures(reach: Reach) -> list[dict[str, object]]:
    """What finance looks at first: what does not add up, what has failed, what is on its way."""
    refunds_seen = reach.rows(Refund.objects.all(), OF_FOLIO)
    under_way = refunds_seen.exclude(state__in=[Refund.State.DONE, Refund.State.FAILED])
    exceptions = reverse("admin:payments_moneyexception_changelist")
    refunds = reverse("admin:payments_refund_changelist")
    return [
        {
            "words": _("Open exceptions"),
            "count": reach.rows(MoneyException.objects.filter(closed_at__isnull=True), of_exception).count(),
            "tone": "stop",
            "link": f"{exceptions}?closed_at__isempty=1",
        },
        {
            "words": _("Failed refunds"),
            "count": refunds_seen.filter(state=Refund.State.FAILED).count(),
            "tone": "stop",
            "link": f"{refunds}?state__exact=failed",
        },
        {"words": _("Refunds under way"), "count": under_way.count(), "tone": "wait", "link": refunds},
        {
            "words": _("Payments with the bank"),
            "count": reach.rows(Payment.objects.filter(state=Payment.State.PENDING), OF_FOLIO).count(),
            "tone": "wait",
            "link": f"{reverse('admin:payments_payment_changelist')}?state__exact=pending",
        },
    ]


def open_tasks(user):
    """The open tasks of the desks that this person sits at."""
    roles = user.groups.values_list("name", flat=True)
    desks = {desk for role in roles for desk in DESKS.get(role, [])}
    rows = StaffTask.objects.filter(done_at__isnull=True, desk__in=desks)
    return reach_of(user).rows(rows, by_subject("subject")).order_by("created_at")
