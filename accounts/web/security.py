"""The security of one's account on one page: ways to sign in, second factor, passkeys, signed-in devices."""

from __future__ import annotations

import uuid

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.domain import second_factor, sessions
from core.doors import ANYONE, GUEST, STAFF, Scope, door
from core.http import see


@door(GUEST, STAFF, scope=Scope.OWN)
@login_required
@never_cache
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What protects the account, and where it is signed in."""
    held = list(Authenticator.objects.filter(user_id=request.user.pk).order_by("created_at"))
    recovery = next((one for one in held if one.type == Authenticator.Type.RECOVERY_CODES), None)
    here = sessions.web_id(request.session.session_key or "")
    devices = [(one, one.current or one.id == here) for one in sessions.of(request.user, at=timezone.now())]
    context = {
        "app": next((one for one in held if one.type == Authenticator.Type.TOTP), None),
        "passkeys": [one for one in held if one.type == Authenticator.Type.WEBAUTHN],
        "recovery_left": len(recovery.wrap().get_unused_codes()) if recovery else 0,
        "factor_required": second_factor.required(request.user),
        "devices": devices,
    }
    return render(request, "accounts/security.html", context)


@door(GUEST, STAFF, scope=Scope.OWN, changes=True)
@login_required
@never_cache
@require_POST
def end_session(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Sign one device out. Somebody else's is missing."""
    sessions.end(request.user, id, at=timezone.now())
    messages.success(request, _("That device is signed out."))
    return see("accounts:security")


@door(ANYONE, scope=Scope.NONE)
@never_cache
@require_safe
def old_link(request: HttpRequest, uidb64: str, token: str) -> HttpResponse:
    """Links of older letters lived for an hour; whoever still has one asks for a new one."""
    return see("accounts:forgot")
