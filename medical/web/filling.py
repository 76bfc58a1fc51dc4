"""Filling in the guest form part by part; every part is kept as a draft."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from bookings.models import StayBooking
from bookings.web.access import actor
from core.actors import Actor
from core.doors import GUEST, HOLDER, Scope, door
from core.errors import Conflict, Missing
from core.http import see
from medical.domain import forms
from medical.domain.questionnaires import BadAnswers
from medical.models import MedicalForm
from medical.web import progress
from medical.web.access import form_of
from medical.web.section_form import SectionForm


@door(GUEST, HOLDER, scope=Scope.OWN, changes=True)
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, reference: str, form_id: UUID, number: int) -> HttpResponse:
    """One part. Gaps are allowed in a draft; what cannot be understood is said beside its question."""
    booking, form = form_of(request, reference, form_id)
    answers = forms.answers_of(form)
    parts = progress.parts(form, answers)
    part = next((one for one in parts if one.number == number), None)
    if part is None:
        raise Missing("no_section", _("There is no such part of the form."))
    if form.state != MedicalForm.State.DRAFT:
        return _sent_already(request, booking)
    page = SectionForm(
        request.POST if request.method == "POST" else None,
        definition=form.questionnaire.definition,
        items=part.items,
        answers=answers,
    )
    if request.method != "POST":
        return _page(request, booking, form, parts, part, page)
    page.is_valid()
    if request.POST.get("autosave"):
        return _autosave(form, part, page, actor(request))
    return _save(request, booking, form, parts, part, page)


def _save(
    request: HttpRequest,
    booking: StayBooking,
    form: MedicalForm,
    parts: list[progress.Part],
    part: progress.Part,
    page: SectionForm,
) -> HttpResponse:
    """Save and go on; with mistakes the page comes back as it was typed."""
    elsewhere: dict[str, str] = {}
    if not page.errors:
        try:
            forms.save_draft(form, page.raw(), by=actor(request), at=timezone.now(), section=part.link_id)
        except BadAnswers as error:
            elsewhere = page.take_problems(error.problems)
        except Conflict:
            return _sent_already(request, booking)
    if page.errors or elsewhere:
        return _page(request, booking, form, parts, part, page, status=400)
    if request.POST.get("then") == "leave":
        messages.success(request, _("Your answers are kept. Come back whenever you like."))
        return see("guestform:tasks", booking.reference)
    if part.number == len(parts):
        return see("guestform:check", booking.reference, form.public_id)
    return see("guestform:section", booking.reference, form.public_id, part.number + 1)


def _autosave(form: MedicalForm, part: progress.Part, page: SectionForm, by: Actor) -> JsonResponse:
    """Keep whatever can be understood so far; half a number is not an answer yet."""
    raw = page.raw()
    try:
        try:
            saved = forms.save_draft(form, raw, by=by, at=timezone.now(), section=part.link_id)
        except BadAnswers as error:
            good = {link: value for link, value in raw.items() if link not in error.problems}
            saved = forms.save_draft(form, good, by=by, at=timezone.now(), section=part.link_id)
    except Conflict as error:
        return JsonResponse({"code": error.code, "detail": error.message}, status=error.status)
    return JsonResponse({"completion": saved.completion})


def _page(
    request: HttpRequest,
    booking: StayBooking,
    form: MedicalForm,
    parts: list[progress.Part],
    part: progress.Part,
    page: SectionForm,
    *,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "booking": booking,
        "form": form,
        "part": part,
        "parts": parts,
        "total": len(parts) + 1,
        "page": page,
        "previous": parts[part.number - 2] if part.number > 1 else None,
    }
    return render(request, "guest_form/section.html", context, status=status)


def _sent_already(request: HttpRequest, booking: StayBooking) -> HttpResponse:
    messages.info(request, _("This form has been sent already. You can still change your answers."))
    return see("guestform:tasks", booking.reference)
