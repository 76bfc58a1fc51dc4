"""What browsers and search engines ask every site for, at addresses that they know without asking."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from core.doors import ANYONE, Scope, door

DAY = 24 * 60 * 60
PRIVATE = (
    *("/admin/", "/api/", "/health", "/stays", "/book", "/saved", "/payments/"),
    *("/profile", "/account/", "/sign-in", "/sign-out", "/register", "/password/", "/unsubscribe/"),
)


@door(ANYONE, scope=Scope.NONE)
@require_safe
@cache_control(max_age=DAY, public=True)
def favicon(request: HttpRequest) -> HttpResponse:
    """For whoever does not read the page's own links to it."""
    return HttpResponseRedirect(static("img/favicon-32.png"))


@door(ANYONE, scope=Scope.NONE)
@require_safe
@cache_control(max_age=DAY, public=True)
def robots(request: HttpRequest) -> HttpResponse:
    """Programs, rooms and words may be found; people's own pages not, and of a sandbox nothing at all."""
    shut = ("/",) if settings.SANDBOX else PRIVATE
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in shut)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
