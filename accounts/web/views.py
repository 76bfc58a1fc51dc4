"""Signing in and out, registering, the profile, passwords."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth import views as django_views
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.domain import limits, people
from accounts.domain.tokens import NotSignedIn
from accounts.models import User
from accounts.web.forms import ChangePasswordForm, ForgotForm, NewPasswordForm, ProfileForm, RegisterForm, SignInForm
from core.errors import DomainError, TooMany
from core.http import see
from core.network import client_address

BACKEND = "django.contrib.auth.backends.ModelBackend"
PROFILE = ("first_name", "last_name", "phone", "address", "diet", "emergency_contact", "marketing_consent")


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """One sentence for every failure: it never tells whether an account exists."""
    if request.user.is_authenticated and request.method != "POST":
        return redirect(_where_to(request, request.user))
    form = SignInForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _form(request, "accounts/sign_in.html", form)
    try:
        user = people.sign_in(**form.cleaned_data, address=client_address(request), at=timezone.now())
    except (NotSignedIn, TooMany) as error:
        form.add_error(None, error.message)
        return _form(request, "accounts/sign_in.html", form, error)
    login(request, user, backend=BACKEND)
    return see(_where_to(request, user))


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.success(request, _("You are signed out."))
    return see("/")


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Make an account and sign in with it; an address that is known already cannot be told from a mistyped one."""
    if request.user.is_authenticated:
        return redirect(_where_to(request, request.user))
    form = RegisterForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _form(request, "accounts/register.html", form)
    wish, at, address = dict(form.cleaned_data), timezone.now(), client_address(request)
    email, password = wish.pop("email"), wish.pop("password")
    try:
        people.register(email, password, address=address, at=at, **wish)
        user = people.sign_in(email, password, address=address, at=at)
    except NotSignedIn as error:
        form.add_error(None, _("We could not open an account with this. If you have one, sign in with its password."))
        return _form(request, "accounts/register.html", form, error)
    except DomainError as error:
        form.add_error(error.attr if error.attr in form.fields else None, error.message)
        return _form(request, "accounts/register.html", form, error)
    login(request, user, backend=BACKEND)
    messages.success(request, _("Welcome. Your account is ready."))
    return see(_where_to(request, user))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    initial = {name: getattr(request.user, name) for name in PROFILE}
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        people.update_profile(request.user, **form.cleaned_data)
        messages.success(request, _("Your profile is saved."))
        return see("accounts:profile")
    return _form(request, "accounts/profile.html", form)


@sensitive_post_parameters("current", "password")
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """A new password ends every other session at once; this one goes on."""
    form = ChangePasswordForm(request.POST or None, user=request.user)
    if request.method != "POST" or not form.is_valid():
        return _form(request, "accounts/change_password.html", form)
    user = form.save()
    update_session_auth_hash(request, user)
    login(request, user, backend=BACKEND)  # this session belongs to the new epoch
    messages.success(request, _("Your new password holds. You are signed out everywhere else."))
    return see("accounts:profile")


@login_required
@never_cache
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session and token of this person, this one too."""
    people.end_sessions(request.user)
    logout(request)
    messages.success(request, _("You are signed out on all devices."))
    return see("accounts:sign-in")


@method_decorator(never_cache, name="dispatch")
class Forgot(django_views.PasswordResetView):
    """Asks for a new password. The answer is the same for every address."""

    template_name = "accounts/forgot.html"
    form_class = ForgotForm
    success_url = reverse_lazy("accounts:forgot-sent")

    def form_valid(self, form: ForgotForm) -> HttpResponse:
        at = timezone.now()
        try:
            limits.count(limits.FORGOT_ADDRESS, client_address(self.request), at=at)
            limits.count(limits.FORGOT_ACCOUNT, User.objects.normalise(form.cleaned_data["email"]), at=at)
        except TooMany as error:
            form.add_error(None, error.message)
            return _form(self.request, self.template_name, form, error)
        super().form_valid(form)
        return see(self.get_success_url())

    def form_invalid(self, form: Form) -> HttpResponse:
        return _form(self.request, self.template_name, form)


@method_decorator(never_cache, name="dispatch")
class ForgotSent(django_views.PasswordResetDoneView):
    template_name = "accounts/forgot_sent.html"


class Reset(django_views.PasswordResetConfirmView):
    """The link from the mail: works once, for an hour."""

    template_name = "accounts/reset.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("accounts:sign-in")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super(django_views.PasswordResetConfirmView, self).get_form_kwargs(), "user": self.user}

    def form_valid(self, form: NewPasswordForm) -> HttpResponse:
        super().form_valid(form)
        messages.success(self.request, _("Your new password holds. Please sign in with it."))
        return see(self.get_success_url())

    def form_invalid(self, form: Form) -> HttpResponse:
        return _form(self.request, self.template_name, form, validlink=True)


def _form(
    request: HttpRequest, template: str, form: Form, error: DomainError | None = None, **more: Any
) -> HttpResponse:
    """The page with its form; a refusal keeps its own status, other mistakes are 400."""
    status = error.status if error is not None else 400 if form.errors else 200
    context = {"form": form, "next": _next(request), **more}
    answer = render(request, template, context, status=status)
    if isinstance(error, TooMany):
        answer["Retry-After"] = str(error.retry_after)
    return answer


def _next(request: HttpRequest) -> str:
    """Where the visitor was going; only ever a page of this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    own = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if own else ""


def _where_to(request: HttpRequest, user: Any) -> str:
    return _next(request) or reverse("admin:index" if user.is_staff else "bookings:stays")
