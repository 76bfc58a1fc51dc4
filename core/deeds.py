"""A deed of staff on one thing: a page that says what will happen, and a button that does it through a verb."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme

from core.errors import DomainError

Words = str | Promise


class NothingToFill(forms.Form):
    """A deed that asks for nothing but the click."""


def ask_and_do(
    request: HttpRequest,
    *,
    site: AdminSite,
    title: Words,
    button: Words,
    act: Callable[[dict[str, Any]], Words],
    back: str,
    form: Callable[..., forms.Form] = NothingToFill,
    explain: Words = "",
    danger: bool = False,
    template: str = "admin/deed.html",
    **context: Any,
) -> HttpResponse:
    """GET shows the page; POST runs `act(cleaned data)`, says what it returns and goes `back`.

    A refusal (DomainError) is shown on the page with what was typed kept; nothing has changed then.
    """
    filled = form(request.POST) if request.method == "POST" else form()
    status = 200
    if request.method == "POST":
        status = 400
        if filled.is_valid():
            try:
                said = act(filled.cleaned_data)
            except DomainError as error:
                status = error.status
                filled.add_error(error.attr if error.attr in filled.fields else None, error.message)
            else:
                messages.success(request, str(said))
                return redirect(safe_next(request, back))
    page = {
        **site.each_context(request),
        "title": title,
        "button": button,
        "explain": explain,
        "danger": danger,
        "form": filled,
        "back": safe_next(request, back),
        "next": request.POST.get("next") or request.GET.get("next", ""),
        **context,
    }
    return TemplateResponse(request, template, page, status=status)


def do(request: HttpRequest, act: Callable[[], Words], *, back: str) -> HttpResponse:
    """A deed from a row, without a page of its own: done or refused, the person reads it above the list."""
    try:
        messages.success(request, str(act()))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect(safe_next(request, back))


def safe_next(request: HttpRequest, otherwise: str) -> str:
    """Where the person came from, when it is one of our own addresses."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return wanted
    return otherwise
