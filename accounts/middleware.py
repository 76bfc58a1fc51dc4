"""A web session ends at once when its epoch is over; staff get nowhere without their second factor."""

from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.domain import second_factor
from core.http import see

SESSION_KEY = "epoch"
ENROLMENT = (
    "accounts:enrol",
    "accounts:sign-out",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "account_reauthenticate",
)
Handler = Callable[[HttpRequest], HttpResponse]


class SessionEpochMiddleware:
    """Password change, role change, "sign out everywhere": the sessions of before are over."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = request.session.get(SESSION_KEY)
        if begun is not None and request.user.is_authenticated and begun != request.user.session_epoch:
            logout(request)
        return self.get_response(request)


class SecondFactorMiddleware:
    """A member of staff whose session has not shown a second factor gets nothing but the pages to set one up.

    It looks at the session, not at the way in: a session that came to be by any other door stands before the same wall.
    The API takes no sessions; its own sign-in asks for the factor.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated or not second_factor.required(user) or has_shown_factor(request):
            return self.get_response(request)
        if second_factor.enrolled(user):
            logout(request)
            return see(redirect_to_login(_back(request))["Location"])
        if request.path in {reverse(name) for name in ENROLMENT}:
            return self.get_response(request)
        return see("accounts:enrol")


def has_shown_factor(request: HttpRequest) -> bool:
    """Did this session show (or set up) an authenticator app, a passkey or a recovery code?"""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def _back(request: HttpRequest) -> str:
    return request.get_full_path() if request.method in ("GET", "HEAD") else "/admin/"
