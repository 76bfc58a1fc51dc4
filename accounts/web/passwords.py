"""Forgotten, new and changed passwords; the page that asks for it again."""

from __future__ import annotations

import uuid
from typing import Any

from allauth.account import views as theirs
from allauth.account.forms import UserTokenForm
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, TemplateView

from accounts.allauth_inside import record_authentication
from accounts.domain import passwords, proofs
from accounts.middleware import SESSION_KEY
from accounts.models import User
from accounts.web.forms import ChangePasswordForm, CodeForm, EmailForm, NewPasswordForm, PasswordAgainForm
from accounts.web.pages import Page, next_page
from accounts.web.recent import can_show_again, recently_signed_in
from core.doors import ANYONE, GUEST, HOLDER, STAFF, Scope, door
from core.errors import DomainError
from core.http import see
from core.network import client_address

PROOF_KEY = "asked_proof"
RESET_KEY = "password_reset_key"
PLACE = "choose"  # stands in the address instead of the key


@door(ANYONE, scope=Scope.NONE, changes=True)
class Forgot(Page, FormView):
    """Asks for a new password. The answer is the same for every address."""

    template_name = "accounts/forgot.html"
    form_class = EmailForm

    def form_valid(self, form: EmailForm) -> HttpResponse:
        try:
            passwords.forgot(form.cleaned_data["email"], address=client_address(self.request), at=timezone.now())
        except DomainError as error:
            return self.refused(form, error)
        return see("accounts:forgot-sent")


@door(ANYONE, scope=Scope.NONE)
class ForgotSent(Page, TemplateView):
    template_name = "accounts/forgot_sent.html"


@door(HOLDER, scope=Scope.OWN, changes=True)
@method_decorator(sensitive_post_parameters("password"), name="dispatch")
class Reset(Page, FormView):
    """The link from the mail: works once, for an hour. Its key leaves the address at once, for the session."""

    template_name = "accounts/reset.html"
    form_class = NewPasswordForm

    def dispatch(self, request: HttpRequest, uidb36: str, key: str) -> HttpResponse:
        if key != PLACE:
            request.session[RESET_KEY] = f"{uidb36}-{key}"
            return see("account_reset_password_from_key", uidb36=uidb36, key=PLACE)
        self.key: str = request.session.get(RESET_KEY, "")
        return super().dispatch(request)

    @cached_property
    def holder(self) -> User | None:
        uid, _dash, token = self.key.partition("-")
        link = UserTokenForm({"uidb36": uid, "key": token})
        return link.reset_user if link.is_valid() else None

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.holder or User()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "validlink": self.holder is not None}

    def form_valid(self, form: NewPasswordForm) -> HttpResponse:
        try:
            passwords.reset(self.key, form.cleaned_data["password"], at=timezone.now())
        except DomainError as error:
            return self.refused(form, error)
        self.request.session.pop(RESET_KEY, None)
        messages.success(self.request, _("Your new password holds. Please sign in with it."))
        return see("accounts:sign-in")


class _Changing(Page):
    """A new password ends every other session and token at once; this session goes on."""

    def form_valid(self, form: NewPasswordForm) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        self.request.session[SESSION_KEY] = form.user.session_epoch
        messages.success(self.request, _("Your new password holds. You are signed out everywhere else."))
        return answer


@door(GUEST, STAFF, scope=Scope.OWN, changes=True)
class ChangePassword(_Changing, theirs.PasswordChangeView):
    """Asks for the old password, which is as good as signing in again."""

    template_name = "accounts/change_password.html"
    form_class = ChangePasswordForm


@door(GUEST, STAFF, scope=Scope.OWN, changes=True)
@method_decorator(recently_signed_in, name="dispatch")
class SetPassword(_Changing, theirs.PasswordSetView):
    """A first password, for somebody who came with Google or a code."""

    template_name = "accounts/set_password.html"
    form_class = NewPasswordForm


@door(GUEST, STAFF, scope=Scope.OWN, changes=True)
@method_decorator(login_required, name="dispatch")
class AskAgain(Page, theirs.ReauthenticateView):
    """Before a sensitive act: the password once more."""

    template_name = "accounts/ask_again.html"
    form_class = PasswordAgainForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "way": "password"}


@door(GUEST, STAFF, scope=Scope.OWN, changes=True)
@method_decorator(login_required, name="dispatch")
class AskAgainByMail(Page, FormView):
    """The same, for somebody without a password: one press sends a code to her own address.

    Whoever has a password, an app or a passkey shows that: an open mailbox is not as good.
    """

    template_name = "accounts/ask_again.html"
    form_class = CodeForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if can_show_again(request.user):
            back = next_page(request) or reverse("accounts:security")
            return redirect_to_login(back, reverse("account_reauthenticate"))
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "send" not in request.POST:
            return super().post(request, *args, **kwargs)
        try:
            challenge = proofs.ask_code(request.user, channel="email", at=timezone.now())
        except DomainError as error:
            return self.refused(CodeForm({}), error)
        request.session[PROOF_KEY] = str(challenge.public_id)
        return see(request.get_full_path())

    def form_valid(self, form: CodeForm) -> HttpResponse:
        challenge = uuid.UUID(self.request.session.get(PROOF_KEY) or str(uuid.uuid4()))
        try:
            proofs.by_code(self.request.user, challenge, form.cleaned_data["code"], at=timezone.now())
        except DomainError as error:
            return self.refused(form, error)
        self.request.session.pop(PROOF_KEY, None)
        record_authentication(self.request, self.request.user, method="code", reauthenticated=True)
        return see(next_page(self.request) or "accounts:security")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sent = PROOF_KEY in self.request.session
        return {**super().get_context_data(**kwargs), "way": "mail", "sent": sent}
