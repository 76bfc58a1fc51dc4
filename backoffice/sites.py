"""The one admin site of the house."""

from __future__ import annotations

from typing import Any

from django.contrib import auth
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite

from accounts.middleware import SESSION_KEY
from core.admin import HouseAdmin


class BackofficeSite(UnfoldAdminSite):
    """Themed, with role-shaped menus (see `backoffice.menus`) and a first page for each role."""

    site_title = "Pema Wellness"
    site_header = "Pema Wellness"
    index_title = _("Back office")
    enable_nav_sidebar = True
    empty_value_display = "–"

    def __init__(self, name: str = "admin") -> None:
        from backoffice.forms import SignInForm

        self.login_form = SignInForm
        super().__init__(name)

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only pages made for this house: those that packages bring along know nothing of properties and deeds."""
        if admin_class is not None and issubclass(admin_class, HouseAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The Today board, the doctor's queue, or the person's own doors."""
        from backoffice.views.home import first_page

        return first_page(self, request)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Out of the back office leads to its door, not to the guests' pages."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        auth.logout(request)
        return redirect("admin:login")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """A new password ends every session but the one it was typed in."""
        answer = super().password_change(request, extra_context)
        if request.method == "POST" and answer.status_code == 302:
            request.session[SESSION_KEY] = request.user.session_epoch
        return answer

    def extra_urls(self) -> list[URLPattern]:
        from backoffice.views import changes, find, mailbox, operations, today

        def page(route: str, view: Any, name: str) -> URLPattern:
            return path(route, self.admin_view(view), {"site": self}, name=name)

        return [
            page("today/", today.board, "today"),
            page("today/<str:reference>/<slug:deed>/", today.act, "today_act"),
            page("find/", find.find, "find"),
            page("changes/", changes.changes, "changes"),
            page("mailbox/", mailbox.inbox, "mailbox"),
            page("mailbox/<int:pk>/", mailbox.read, "mailbox_read"),
            page("mailbox/<int:pk>/html/", mailbox.letter, "mailbox_letter"),
            page("operations/", operations.overview, "operations"),
            page("operations/<str:kind>/<int:pk>/retry/", operations.retry, "operations_retry"),
        ]
