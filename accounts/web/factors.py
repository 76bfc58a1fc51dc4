"""Two-factor pages: authenticator app, passkeys, recovery codes. The flows are allauth's; pages and words are ours."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.adapters import MFAAdapter
from accounts.domain import second_factor
from accounts.web.pages import Page
from accounts.web.recent import recently_signed_in
from core.doors import ANYONE, GUEST, STAFF, Scope, door
from core.http import see

SECURITY = reverse_lazy("accounts:security")
mine = door(GUEST, STAFF, scope=Scope.OWN, changes=True)
fresh = method_decorator(recently_signed_in, name="dispatch")


@door(ANYONE, scope=Scope.OWN, changes=True)
class Factor(Page, base.AuthenticateView):
    """The second step of signing in."""

    template_name = "accounts/factor.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = base.AuthenticateView.form_invalid(self, form)
        answer.status_code = 400
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        held = Authenticator.objects.filter(user=self.stage.login.user).values_list("type", flat=True)
        return {**super().get_context_data(**kwargs), "held": set(held)}


@mine
@method_decorator(login_required, name="dispatch")
class FactorAgain(Page, base.ReauthenticateView):
    template_name = "accounts/ask_again.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "way": "code"}


@mine
@method_decorator(login_required, name="dispatch")
class PasskeyAgain(Page, webauthn.ReauthenticateWebAuthnView):
    template_name = "accounts/ask_again.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "way": "passkey"}


@door(GUEST, STAFF, scope=Scope.OWN)
@login_required
@never_cache
@require_safe
def enrol(request: HttpRequest) -> HttpResponse:
    """The only page that staff see before they have a second factor."""
    if second_factor.enrolled(request.user):
        return see("accounts:security")
    return render(request, "accounts/enrol.html")


@mine
@fresh
class AddApp(Page, totp.ActivateTOTPView):
    template_name = "accounts/app_add.html"
    success_url = SECURITY


@mine
@fresh
class RemoveApp(Page, totp.DeactivateTOTPView):
    template_name = "accounts/app_remove.html"
    success_url = SECURITY


@mine
@fresh
class AddPasskey(Page, webauthn.AddWebAuthnView):
    """Made by the browser; it asks for a finger, a face or a PIN."""

    template_name = "accounts/passkey_add.html"


@mine
@fresh
class NamePasskey(Page, webauthn.EditWebAuthnView):
    template_name = "accounts/passkey_name.html"
    success_url = SECURITY


@mine
@fresh
class RemovePasskey(Page, webauthn.RemoveWebAuthnView):
    template_name = "accounts/passkey_remove.html"
    success_url = SECURITY

    def form_valid(self, form: Any) -> HttpResponse:
        if not MFAAdapter().can_delete_authenticator(self.object):
            messages.error(self.request, MFAAdapter.error_messages["cannot_delete_authenticator"])
            return see(SECURITY)
        return super().form_valid(form)


@mine
@fresh
class RecoveryCodes(Page, recovery.ViewRecoveryCodesView):
    template_name = "accounts/recovery_codes.html"


@mine
@fresh
class NewRecoveryCodes(Page, recovery.GenerateRecoveryCodesView):
    template_name = "accounts/recovery_new.html"


@mine
@fresh
class RecoveryCodesFile(Page, recovery.DownloadRecoveryCodesView):
    template_name = "accounts/recovery_codes.txt"
