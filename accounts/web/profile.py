"""The profile, and the people who come along."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.domain import companions as people
from accounts.domain import profile as profiles
from accounts.domain.privacy.consents import Origin
from accounts.models import ConsentRecord
from accounts.web.profile_forms import CompanionForm, ProfileForm
from core.actors import Actor
from core.doors import GUEST, STAFF, Scope, door
from core.errors import DomainError
from core.http import see
from core.network import client_address


@door(GUEST, STAFF, scope=Scope.OWN, changes=True)
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """One's own profile; the form keeps what was typed when something is wrong."""
    user = request.user
    form = ProfileForm(request.POST or None, user=user, initial=ProfileForm.known(user))
    if request.method == "POST" and form.is_valid():
        origin = Origin(ConsentRecord.Door.WEB, client_address(request), request.headers.get("User-Agent", ""))
        try:
            profiles.change(user, origin=origin, by=Actor.of(user), at=timezone.now(), **form.wishes())
        except DomainError as error:
            _refused(form, error)
        else:
            messages.success(request, _("Your profile is saved."))
            return see("accounts:profile")
    context = {"form": form, "companions": people.of(user)[:5]}
    return render(request, "accounts/profile.html", context, status=400 if form.errors else 200)


@door(GUEST, STAFF, scope=Scope.OWN, changes=True)
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def companions(request: HttpRequest) -> HttpResponse:
    """All of them, and a form for one more."""
    form = CompanionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        try:
            made = people.add(request.user, at=at, today=timezone.localdate(at), **form.cleaned_data)
        except DomainError as error:
            _refused(form, error)
        else:
            messages.success(request, _("%(name)s is on your list.") % {"name": made.name})
            return see("accounts:companions")
    return _companions(request, form)


@door(GUEST, STAFF, scope=Scope.OWN, changes=True)
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def companion(request: HttpRequest, companion_id: UUID) -> HttpResponse:
    """Put one right."""
    found = people.find(request.user, companion_id)
    initial = {name: getattr(found, name) for name in people.FIELDS}
    form = CompanionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            people.change(found, today=timezone.localdate(), **form.cleaned_data)
        except DomainError as error:
            _refused(form, error)
        else:
            messages.success(request, _("It is saved."))
            return see("accounts:companions")
    return _companions(request, form, found=found)


@door(GUEST, STAFF, scope=Scope.OWN, changes=True)
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def remove_companion(request: HttpRequest, companion_id: UUID) -> HttpResponse:
    """Asks first. Off the list; stays that are booked keep their guests."""
    found = people.find(request.user, companion_id)
    if request.method != "POST":
        return render(request, "accounts/companion_remove.html", {"found": found})
    people.remove(found)
    messages.success(request, _("%(name)s is off your list.") % {"name": found.name})
    return see("accounts:companions")


def _companions(request: HttpRequest, form: CompanionForm, *, found: Any = None) -> HttpResponse:
    context = {
        "form": form,
        "found": found,
        "companions": people.of(request.user),
        "today": timezone.localdate(),
    }
    return render(request, "accounts/companions.html", context, status=400 if form.errors else 200)


def _refused(form: Form, error: DomainError) -> None:
    form.add_error(error.attr if error.attr in form.fields else None, error.message)
