"""The one admin site of the house."""

from __future__ import annotations

from typing import Any

from django.contrib import auth
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite

from accounts.web.pages import next_page
from core.admin import HouseAdmin


class BackofficeSite(UnfoldAdminSite):
    """Themed, with role-shaped menus (see `backoffice.menus`) and a first page for each role."""

    site_title = "Pema Wellness"
    site_header = "Pema Wellness"
    index_title = _("Back office")
    enable_nav_sidebar = True
    empty_value_display = "–"

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

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The house has one door for signing in, with its limits and its second factor: the web's."""
        wanted = next_page(request) or reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(wanted, reverse("accounts:sign-in"))
        if self.has_permission(request):
            return redirect(wanted)
        context = {**self.each_context(request), "title": _("Back office")}
        return render(request, "admin/login.html", context, status=403)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Where everybody changes hers."""
        return redirect("accounts:change-password")

    def extra_urls(self) -> list[URLPattern]:
        from backoffice.views import changes, find, mailbox, operations, privacy, roles, today

        def page(route: str, view: Any, name: str) -> URLPattern:
            return path(route, self.admin_view(view), {"site": self}, name=name)

        return [
            page("today/", today.board, "today"),
            page("today/<str:reference>/<slug:deed>/", today.act, "today_act"),
            page("find/", find.find, "find"),
            page("roles/", roles.matrix, "roles"),
            page("roles/<slug:role>/", roles.doors, "role_doors"),
            page("changes/", changes.changes, "changes"),
            page("mailbox/", mailbox.inbox, "mailbox"),
            page("mailbox/<int:pk>/", mailbox.read, "mailbox_read"),
            page("mailbox/<int:pk>/html/", mailbox.letter, "mailbox_letter"),
            page("privacy/", privacy.desk, "privacy"),
            page("privacy/corrections/<uuid:public_id>/", privacy.answer, "privacy_answer"),
            page("privacy/rules/<slug:code>/", privacy.rule, "privacy_rule"),
            page("privacy/held/<uuid:public_id>/", privacy.hold, "privacy_hold"),
            page("privacy/who-saw/", privacy.who_saw, "privacy_breach"),
            page("operations/", operations.overview, "operations"),
            page("operations/<str:kind>/<int:pk>/retry/", operations.retry, "operations_retry"),
        ]
