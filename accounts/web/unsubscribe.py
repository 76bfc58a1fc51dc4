"""The link below an offer. Looking changes nothing, as scanners follow links; the button or the mail program posts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.domain import unsubscribing
from core.doors import HOLDER, Scope, door
from core.errors import Missing
from core.network import client_address


@door(HOLDER, scope=Scope.OWN, changes=True)
@never_cache
@csrf_exempt  # the mail program posts here without a page of ours (RFC 8058); the link itself is the proof
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, signed: str) -> HttpResponse:
    """One click stops the offers of the person whose link it is."""
    try:
        user = unsubscribing.reader(signed)
    except Missing:
        return render(request, "accounts/unsubscribe.html", {"bad": True}, status=404)
    if request.method == "POST":
        agent = request.headers.get("User-Agent", "")
        unsubscribing.stop(user, ip=client_address(request), user_agent=agent, at=timezone.now())
    return render(request, "accounts/unsubscribe.html", {"done": request.method == "POST"})
