"""Promises by kind: what waits, how long, what has died; a dead one is tried again by a person."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Min, Q
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from audit.record import changed
from backoffice.permissions import OPERATIONS, sees_operations
from core import work
from core.actors import Actor
from core.deeds import do
from core.doors import Scope, door
from core.errors import Conflict
from core.work import Registry, WorkState
from notifications.permissions import may_change_webhooks
from notifications.webhooks import deliveries
from notifications.webhooks.models import WebhookDelivery, WebhookSubscription
from payments.domain import refunds
from payments.models import Refund
from payments.permissions import may_retry_refunds

SHOWN = 20
WORDS = {  # of kinds whose table has a name that says little to people
    "gateway_event": _lazy("notices of the payment gateway"),
    "knock": _lazy("codes and links that were asked for"),
    "personal data pack": _lazy("copies of personal data"),
    "erasure": _lazy("erasures of accounts"),
    "payusim.delivery": _lazy("notices of the sandbox gateway"),
}


@door(needs=OPERATIONS, scope=Scope.WHOLE)
def overview(request, site) -> HttpResponse:
    if not sees_operations(request.user):
        raise PermissionDenied
    now = timezone.now()
    kinds = [_kind(name, now) for name in sorted(Registry.kinds)]
    context = {
        **site.each_context(request),
        "title": _("Operations"),
        "kinds": kinds,
        "dead": sum(kind["figures"]["dead"] for kind in kinds),
        "receivers": receivers(request.user),
        "sweeps": sorted(Registry.sweeps),
        "now": now,
    }
    return TemplateResponse(request, "admin/operations.html", context)


def receivers(user) -> list[dict]:
    """Other systems that are told the news, those that are not told now first; for who may look after them a link."""
    rows = sorted(WebhookSubscription.objects.order_by("name"), key=lambda row: row.state == row.State.ACTIVE)
    page = "admin:notifications_webhooksubscription_change"
    return [
        {
            "name": row.name,
            "link": reverse(page, args=[row.pk]) if may_change_webhooks(user) else "",
            "state": row.get_state_display(),
            "tone": {row.State.ACTIVE: "ok", row.State.PAUSED: "wait"}.get(row.state, "stop"),
            "failures": row.failed_in_a_row,
            "note": row.note,
        }
        for row in rows
    ]


def _kind(name: str, now) -> dict:
    rows = Registry.kinds[name].model._default_manager
    waiting = Q(work_state=WorkState.PENDING)
    figures = rows.filter(waiting | Q(work_state=WorkState.DEAD)).aggregate(
        waiting=Count("pk", filter=waiting),
        due=Count("pk", filter=waiting & Q(due_at__lte=now)),
        oldest=Min("due_at", filter=waiting),
        dead=Count("pk", filter=Q(work_state=WorkState.DEAD)),
    )
    return {
        "name": name,
        "words": WORDS.get(name) or Registry.kinds[name].model._meta.verbose_name_plural,
        "figures": figures,
        "late": bool(figures["oldest"] and (now - figures["oldest"]).total_seconds() > 90),
        "dead": list(rows.filter(work_state=WorkState.DEAD).order_by("-id")[:SHOWN]),
    }


@door(needs=OPERATIONS, scope=Scope.WHOLE, changes=True)
def retry(request, kind: str, pk: int, site) -> HttpResponse:
    """POST: a dead promise is tried again."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not sees_operations(request.user):
        raise PermissionDenied
    if kind not in Registry.kinds:
        raise Http404
    row = get_object_or_404(Registry.kinds[kind].model, pk=pk)
    return do(request, lambda: _revive(request, kind, row), back=reverse("admin:operations"))


def _revive(request, kind: str, row) -> str:
    now, by = timezone.now(), Actor.of(request.user)
    if isinstance(row, Refund):
        if not may_retry_refunds(request.user):
            raise PermissionDenied
        refunds.retry(row, by=by, at=now)
    elif isinstance(row, WebhookDelivery):
        if not may_change_webhooks(request.user):
            raise PermissionDenied
        deliveries.replay(row, by=by, at=now)
    elif not work.revive(row, at=now):
        raise Conflict("not_dead", _("This promise is not dead any more."))
    else:
        changed(f"{kind}:{row.pk}", "tried again", by=by, at=now)
        work.ring(kind, row.pk)
    return _("It is tried again.")
