"""The sandbox mailbox: what the demo would have sent. The links in it work, as they would for the guest."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from backoffice.permissions import MAILBOX, sees_mailbox
from core.doors import Scope, door
from notifications.models import MailboxItem

FRAME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
)


def _allowed(request) -> None:
    if not settings.SANDBOX:
        raise Http404
    if not sees_mailbox(request.user):
        raise PermissionDenied


@door(needs=MAILBOX, scope=Scope.WHOLE)
def inbox(request, site) -> HttpResponse:
    _allowed(request)
    typed = request.GET.get("q", "").strip()[:100]
    rows = MailboxItem.objects.defer("text", "html").order_by("-id")
    if typed:
        rows = rows.filter(recipients__icontains=typed) | rows.filter(subject__icontains=typed)
    page = Paginator(rows, 40).get_page(request.GET.get("page"))
    context = {**site.each_context(request), "title": _("Mailbox"), "page": page, "typed": typed}
    return TemplateResponse(request, "admin/mailbox.html", context)


@door(needs=MAILBOX, scope=Scope.WHOLE)
def read(request, pk: int, site) -> HttpResponse:
    _allowed(request)
    item = get_object_or_404(MailboxItem, pk=pk)
    context = {
        **site.each_context(request),
        "title": item.subject,
        "item": item,
        "letter": reverse("admin:mailbox_letter", args=[pk]) if item.html else "",
        "newer": MailboxItem.objects.filter(pk__gt=pk).order_by("pk").first(),
        "older": MailboxItem.objects.filter(pk__lt=pk).order_by("-pk").first(),
    }
    return TemplateResponse(request, "admin/mailbox_read.html", context)


@door(needs=MAILBOX, scope=Scope.WHOLE)
def letter(request, pk: int, site) -> HttpResponse:
    """The HTML of a mail alone: no scripts, no forms, and only in a frame of our own. Links open beside it."""
    _allowed(request)
    item = get_object_or_404(MailboxItem, pk=pk)
    html = item.html.replace("<head>", '<head><base target="_blank">', 1)
    return HttpResponse(html, headers={"Content-Security-Policy": FRAME_POLICY, "X-Frame-Options": "SAMEORIGIN"})
