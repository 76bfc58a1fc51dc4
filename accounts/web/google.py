"""Signing in with Google, where its keys are set; installed by `urls_allauth` only then."""

from __future__ import annotations

from allauth.socialaccount.providers.google.views import oauth2_callback, oauth2_login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.doors import ANYONE, Scope, door
from core.http import see

anyone = door(ANYONE, scope=Scope.NONE, changes=True)
begin = anyone(never_cache(require_POST(oauth2_login)))
back = anyone(never_cache(require_safe(oauth2_callback)))


@door(ANYONE, scope=Scope.NONE)
@never_cache
def failed(request: HttpRequest) -> HttpResponse:
    """Cancelled, refused, or an address that has an account here and that Google does not vouch for."""
    messages.error(request, _("Google could not sign you in. Use your password, or a code from the mail."))
    return see("accounts:sign-in")
