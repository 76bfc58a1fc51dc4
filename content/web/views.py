"""Questions, terms, contact, privacy: our own words, with the figures of the house in force today."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.doors import ANYONE, Scope, door
from core.nights import local_date
from programs import queries
from rooms.queries import property_of_the_site


@door(ANYONE, scope=Scope.PUBLIC)
@require_safe
def faq(request: HttpRequest) -> HttpResponse:
    return _page(request, "content/faq.html", _("Questions and answers"))


@door(ANYONE, scope=Scope.PUBLIC)
@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    return _page(request, "content/terms.html", _("Terms of booking"))


@door(ANYONE, scope=Scope.PUBLIC)
@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    return _page(request, "content/contact.html", _("Contact"))


@door(ANYONE, scope=Scope.PUBLIC)
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return _page(request, "content/privacy.html", _("Privacy"))


def _page(request: HttpRequest, template: str, title: str) -> HttpResponse:
    house = property_of_the_site()
    figures: Any = None
    if house:
        figures = queries.house_terms(house, today=local_date(timezone.now(), house.time_zone))
    trail = [{"label": _("Home"), "href": "/"}, {"label": title}]
    return render(request, template, {"terms": figures, "trail": trail, "title": title})
