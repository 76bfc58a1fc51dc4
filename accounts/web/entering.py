"""Signing in by password, by a code from a mail, by a passkey; registering; proving an address; signing out."""

from __future__ import annotations

from typing import Any

from allauth.account import views as theirs
from allauth.account.mixins import NextRedirectMixin, RedirectAuthenticatedUserMixin
from allauth.account.utils import perform_login
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from accounts.allauth_inside import clear_login, record_authentication
from accounts.domain import addresses, codes, otp, people
from accounts.models import Challenge, User
from accounts.web import asked
from accounts.web.forms import CodeForm, EmailForm, RegisterForm, SignInForm
from accounts.web.pages import Page, next_page
from core.doors import ANYONE, Scope, door
from core.errors import DomainError
from core.http import see
from core.network import client_address


@door(ANYONE, scope=Scope.NONE, changes=True)
class SignIn(Page, theirs.LoginView):
    """One sentence for every failure: it never tells whether an account exists."""

    template_name = "accounts/sign_in.html"
    form_class = SignInForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Who comes back to this page begins anew."""
        if not request.user.is_authenticated:
            clear_login(request)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "GOOGLE_SIGN_IN": settings.GOOGLE_SIGN_IN}


@door(ANYONE, scope=Scope.NONE, changes=True)
@method_decorator(sensitive_post_parameters("password"), name="dispatch")
class Register(Page, NextRedirectMixin, RedirectAuthenticatedUserMixin, FormView):
    """Makes an account and asks for the code that is mailed. A known address gets another letter, the same page."""

    template_name = "accounts/register.html"
    form_class = RegisterForm

    def form_valid(self, form: RegisterForm) -> HttpResponse:
        wish = dict(form.cleaned_data)
        email, password = wish.pop("email"), wish.pop("password")
        try:
            return open_account(self.request, email, password, then=next_page(self.request), **wish)
        except DomainError as error:
            return self.refused(form, error)


def open_account(request: HttpRequest, email: str, password: str, *, then: str = "", **profile: Any) -> HttpResponse:
    """Register, and lead to the page that asks for the code from the mail; from there on to `then`.

    For an address that has an account the answer is the same, and the letter says so. Raises Invalid("weak_password"),
    TooMany.
    """
    challenge = people.register(email, password, address=client_address(request), at=timezone.now(), **profile)
    return asked.remember(request, challenge, then=then)


@door(ANYONE, scope=Scope.NONE, changes=True)
class AskForCode(Page, NextRedirectMixin, RedirectAuthenticatedUserMixin, FormView):
    """A code to sign in with. The same answer for every address."""

    template_name = "accounts/ask_for_code.html"
    form_class = EmailForm

    def form_valid(self, form: EmailForm) -> HttpResponse:
        address = client_address(self.request)
        try:
            challenge = otp.ask("email", form.cleaned_data["email"], address=address, at=timezone.now())
        except DomainError as error:
            return self.refused(form, error)
        return asked.remember(self.request, challenge, then=next_page(self.request))


@door(ANYONE, scope=Scope.NONE, changes=True)
class ConfirmCode(Page, FormView):
    """The code from the mail proves the address and signs in; after it the second factor, if there is one."""

    template_name = "accounts/confirm_code.html"
    form_class = CodeForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = asked.pending(request)
        if found is None or request.user.is_authenticated:
            return see("accounts:sign-in")
        self.asked = found
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "again" not in request.POST:
            return super().post(request, *args, **kwargs)
        try:
            challenge = self._another()
        except DomainError as error:
            return self.refused(CodeForm({}), error)
        messages.success(request, _("Another code is on its way. Only the newest one is good."))
        return asked.remember(request, challenge, then=self.asked.then, first=self.asked.first)

    def _another(self) -> Challenge:
        address, at = client_address(self.request), timezone.now()
        again = otp.ask if self.asked.purpose == Challenge.Purpose.SIGN_IN else addresses.ask_again
        challenge = again("email", self.asked.email, address=address, at=at)
        codes.give_up(asked.challenge_of(self.asked), at=at)
        return challenge

    def form_valid(self, form: CodeForm) -> HttpResponse:
        try:
            user = self._shown(form.cleaned_data["code"])
        except DomainError as error:
            return self.refused(form, error)
        asked.forget(self.request)
        clear_login(self.request)
        record_authentication(self.request, user, method="code", email=user.email)
        return perform_login(self.request, user, email=user.email, redirect_url=self.asked.then or None)

    def _shown(self, code: str) -> User:
        challenge, at, address = asked.challenge_of(self.asked), timezone.now(), client_address(self.request)
        if self.asked.purpose == Challenge.Purpose.SIGN_IN:
            return otp.verify(challenge, code, address=address, at=at)
        return addresses.prove(challenge, code, began_with=asked.first_of(self.asked), at=at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        signs_in = self.asked.purpose == Challenge.Purpose.SIGN_IN
        minutes = int(codes.LIVES.total_seconds()) // 60
        return {**super().get_context_data(**kwargs), "asked": self.asked, "signs_in": signs_in, "minutes": minutes}


@door(ANYONE, scope=Scope.NONE, changes=True)
class SignInByPasskey(Page, LoginWebAuthnView):
    """What the passkey of a browser signed. Without script the page of signing in has other ways."""

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        wanted = next_page(self.request)
        return see(wanted) if wanted and self.request.user.is_authenticated else answer


@door(ANYONE, scope=Scope.NONE)
class Closed(Page, theirs.AccountInactiveView):
    """Somebody showed the right key of an account that is closed."""

    template_name = "accounts/closed.html"


@door(ANYONE, scope=Scope.OWN, changes=True)
@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    was_in = request.user.is_authenticated
    logout(request)
    if was_in:
        messages.success(request, _("You are signed out."))
    return see(next_page(request) or "/")
