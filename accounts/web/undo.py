"""The link in the letter to the old address: it takes a change of address or number back, without signing in."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.domain import contacts
from core.doors import HOLDER, Scope, door
from core.errors import DomainError
from core.http import see

PAGE = "accounts/undo_contact.html"


@door(HOLDER, scope=Scope.OWN, changes=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def undo_contact(request: HttpRequest, key: str) -> HttpResponse:
    """GET shows what a click would do; POST does it, once."""
    change = contacts.undoable(key, at=timezone.now())
    if request.method != "POST" or change is None:
        return render(request, PAGE, {"change": change}, status=200 if change else 404)
    try:
        contacts.undo(key, at=timezone.now())
    except DomainError as error:
        return render(request, PAGE, {"change": None, "error": error}, status=error.status)
    logout(request)
    messages.success(
        request, _("It is taken back, and all devices are signed out. A link for a new password is on its way.")
    )
    return see("accounts:sign-in")
