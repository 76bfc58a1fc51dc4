"""Signing out everywhere."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.domain import people
from core.actors import Actor
from core.doors import GUEST, STAFF, Scope, door
from core.http import see


@door(GUEST, STAFF, scope=Scope.OWN, changes=True)
@login_required
@never_cache
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session and token of this person, this one too."""
    people.end_sessions(request.user, at=timezone.now(), by=Actor.of(request.user))
    logout(request)
    messages.success(request, _("You are signed out on all devices."))
    return see("accounts:sign-in")
