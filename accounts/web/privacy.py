"""The guest's privacy page: what is allowed, who looked, a copy, corrections, and being forgotten."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.domain.privacy import consents, corrections, erasure, export
from accounts.domain.privacy.purposes import CONTRACT
from accounts.domain.privacy.who import person_of
from accounts.models import ConsentRecord, CorrectionRequest
from accounts.web.recent import recently_signed_in
from core import personal_data
from core.actors import Actor
from core.doors import GUEST, HOLDER, STAFF, Scope, door
from core.errors import DomainError, Missing
from core.http import see
from core.network import client_address

PAGE = "accounts:privacy"
LOOKS_SHOWN = 50


class CorrectionForm(forms.Form):
    """What should be different."""

    about = forms.ChoiceField(label=gettext_lazy("What is it about?"), choices=CorrectionRequest.About.choices)
    reference = forms.CharField(
        label=gettext_lazy("Reference of the stay or bill"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("Such as PW-7K3M9QX2BD, when it is about one."),
    )
    wish = forms.CharField(
        label=gettext_lazy("What should it say?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class EraseForm(forms.Form):
    """One tick, so that nobody is forgotten by a slip."""

    sure = forms.BooleanField(
        label=gettext_lazy("I have read what goes and what stays, and want to be forgotten."),
        error_messages={"required": gettext_lazy("Please tick this, or go back.")},
    )


@door(GUEST, STAFF, scope=Scope.OWN)
@login_required
@never_cache
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    return _page(request, CorrectionForm())


@door(GUEST, STAFF, scope=Scope.OWN, changes=True)
@login_required
@never_cache
@require_POST
def consent(request: HttpRequest) -> HttpResponse:
    """One purpose, one click, either way."""
    granted = request.POST.get("allow") == "yes"
    try:
        consents.decide(
            request.user,
            {request.POST.get("purpose", ""): granted},
            origin=origin(request),
            by=Actor.of(request.user, "guest"),
            at=timezone.now(),
        )
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Noted: you allow it.") if granted else _("Noted: from now on we do not."))
    return see(f"{_here()}#consents")


@door(GUEST, STAFF, scope=Scope.OWN, changes=True)
@login_required
@never_cache
@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take back an agreement that another part of the house keeps."""
    contributor = personal_data.Registry.contributors.get(request.POST.get("app", ""))
    if contributor is None or contributor.withdraw is None:
        raise Missing("no_such_agreement", _("There is no such agreement."))
    try:
        contributor.withdraw(person_of(request.user), request.POST.get("ref", ""), timezone.now())
    except Missing:
        raise
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("It is taken back. From this moment nobody opens it."))
    return see(f"{_here()}#consents")


@door(GUEST, STAFF, scope=Scope.OWN, changes=True)
@login_required
@never_cache
@require_POST
def start_export(request: HttpRequest) -> HttpResponse:
    try:
        export.start(request.user, at=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(
            request, _("Your copy is being made. We write to you when it is ready, usually within minutes.")
        )
    return see(f"{_here()}#copy")


@door(GUEST, STAFF, scope=Scope.OWN)
@recently_signed_in
@never_cache
@require_safe
def fetch_export(request: HttpRequest, pack_id: UUID) -> HttpResponse:
    """The file, for its owner, who has just shown who she is."""
    return packed(export.fetch(request.user, str(pack_id), at=timezone.now()))


@door(GUEST, STAFF, scope=Scope.OWN, changes=True)
@login_required
@never_cache
@require_POST
def correct(request: HttpRequest) -> HttpResponse:
    form = CorrectionForm(request.POST)
    if form.is_valid():
        try:
            corrections.ask(request.user, at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.attr if error.attr in form.fields else None, error.message)
        else:
            messages.success(request, _("It is on our desk. You get an answer within 30 days, usually sooner."))
            return see(f"{_here()}#corrections")
    return _page(request, form, status=400)


@door(GUEST, STAFF, scope=Scope.OWN, changes=True)
@recently_signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """What goes, what stays and until when; then the wish."""
    at = timezone.now()
    form = EraseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            erasure.ask(request.user, at=at)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Your wish is noted. You can take it back for 48 hours."))
            return see(f"{_here()}#erasure")
    context = {
        "form": form,
        "holds": erasure.preview(request.user, at=at),
        "running": erasure.running(request.user),
        "staff": request.user.is_staff,
    }
    return render(request, "accounts/privacy_erase.html", context, status=400 if form.errors else 200)


@door(GUEST, STAFF, scope=Scope.OWN, changes=True)
@login_required
@never_cache
@require_POST
def keep_me(request: HttpRequest) -> HttpResponse:
    """Take the wish back, signed in."""
    running = erasure.running(request.user)
    if running is None:
        messages.info(request, _("There is nothing to take back."))
    else:
        _undo(request, running, Actor.of(request.user, "guest"))
    return see(f"{_here()}#erasure")


@door(HOLDER, scope=Scope.OWN, changes=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, token: str) -> HttpResponse:
    """Take the wish back by the link in the letter, without signing in; the link alone changes nothing."""
    try:
        row = erasure.by_link(token)
    except Missing:
        return render(request, "accounts/privacy_undo.html", {"bad": True}, status=404)
    if request.method == "POST":
        _undo(request, row, Actor("guest", row.user_id, "Guest by signed link"))
        return see("accounts:sign-in")
    open_ = row.state == row.State.ASKED and row.due_at > timezone.now()
    return render(request, "accounts/privacy_undo.html", {"row": row, "open": open_})


def origin(request: Any, where: str = ConsentRecord.Door.WEB) -> consents.Origin:
    """Where a click came from."""
    address = client_address(request)
    return consents.Origin(
        where, None if address == "unknown" else address, request.headers.get("User-Agent", "")[:300]
    )


def packed(file: bytes) -> HttpResponse:
    """A zip to keep, never to show."""
    answer = HttpResponse(file, content_type="application/zip")
    answer["Content-Disposition"] = 'attachment; filename="my-data.zip"'
    answer["Cache-Control"] = "no-store"
    return answer


def _undo(request: HttpRequest, row: Any, by: Actor) -> None:
    try:
        erasure.undo(row, by=by, at=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Your wish is taken back. Everything is as it was."))


def _here() -> str:
    return reverse(PAGE)


def _page(request: HttpRequest, form: CorrectionForm, *, status: int = 200) -> HttpResponse:
    user, at = request.user, timezone.now()
    person = person_of(user)
    pack = export.latest(user)
    looks = personal_data.seen_of(person)
    context = {
        "form": form,
        "choices": consents.choices(user),
        "contract": CONTRACT,
        "agreements": personal_data.agreements_of(person),
        "proof": consents.history(user),
        "looks": looks[:LOOKS_SHOWN],
        "more_looks": max(len(looks) - LOOKS_SHOWN, 0),
        "pack": pack,
        "pack_ready": export.available(pack, at=at),
        "pack_running": export.running(user),
        "corrections": user.correction_requests.order_by("-id")[:10],
        "running": erasure.running(user),
        "proven": bool(user.email_verified_at),
    }
    return render(request, "accounts/privacy.html", context, status=status)
