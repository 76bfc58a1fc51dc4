"""Sensitive acts ask again who is there, unless the person has shown it within ten minutes."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

View = Callable[..., HttpResponse]


def is_fresh(request: HttpRequest) -> bool:
    """Has this session shown a password, a code or a key within ACCOUNT_REAUTHENTICATION_TIMEOUT seconds?"""
    if not request.user.is_authenticated:
        return False
    shown = [float(record["at"]) for record in get_authentication_records(request, request.user)]
    return bool(shown) and time.time() - max(shown) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def recently_signed_in(view: View) -> View:
    """Decorator: signed in, and not long ago; else the page that asks again, and then back to this one.

    For class-based views: `@method_decorator(recently_signed_in, name="dispatch")`. What was posted is not kept; put it
    on the page that shows the form too, so that nobody fills it in for nothing.
    """

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if is_fresh(request):
            return view(request, *args, **kwargs)
        return ask_again(request)

    return asked


def can_show_again(user: Any) -> bool:
    """Has this person a password, an app or a passkey? Else only her mailbox tells who she is."""
    return user.is_authenticated and (user.has_usable_password() or is_mfa_enabled(user))


def ask_again(request: HttpRequest) -> HttpResponse:
    """To the page that asks for the password or the second factor, and back. Without either: for a code by mail."""
    back = request.get_full_path() if request.method in ("GET", "HEAD") else request.path
    held = can_show_again(request.user)
    return redirect_to_login(back, reverse("account_reauthenticate" if held else "accounts:ask-again-by-mail"))
