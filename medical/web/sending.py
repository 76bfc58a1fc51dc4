"""Sending the guest form: the agreement, and the changes after it was sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from bookings.models import StayBooking
from bookings.states import State
from bookings.web.access import actor
from core.doors import GUEST, HOLDER, Scope, door
from core.errors import DomainError
from core.http import see
from medical.domain import forms
from medical.domain.questionnaires import BadAnswers
from medical.models import MedicalForm
from medical.web import progress
from medical.web.access import agreement, form_of
from medical.web.consent import PURPOSES, AgreeForm
from medical.web.section_form import SectionForm

F = MedicalForm.State


@door(GUEST, HOLDER, scope=Scope.OWN, changes=True)
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, reference: str, form_id: UUID) -> HttpResponse:
    """The agreement; with it the form goes to the doctor."""
    booking, form = form_of(request, reference, form_id)
    if form.state != F.DRAFT:
        messages.info(request, _("This form has been sent already."))
        return see("guestform:tasks", booking.reference)
    answers = forms.answers_of(form)
    data = request.POST if request.method == "POST" else None
    statements = SectionForm(
        data,
        definition=form.questionnaire.definition,
        items=progress.consent_items(form),
        answers=answers,
        as_statements=True,
    )
    agree = AgreeForm(data)
    if data is None:
        return _submit_page(request, booking, form, statements, agree)
    own = {item["linkId"] for item in statements.asked}
    statements.is_valid()
    raw = {**{link: value for link, value in answers.items() if link not in own}, **statements.raw()}
    elsewhere = _send(request, form, raw, statements, agree)
    if elsewhere is None:
        return _sent(request, booking, form)
    return _submit_page(request, booking, form, statements, agree, elsewhere=elsewhere)


@door(GUEST, HOLDER, scope=Scope.OWN, changes=True)
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, reference: str, form_id: UUID) -> HttpResponse:
    """All answers on one page, to send them again. After the doctor's yes this asks for a new one."""
    booking, form = form_of(request, reference, form_id)
    if form.state == F.DRAFT:
        return see("guestform:tasks", booking.reference)
    if form.state not in forms.EDITABLE or not booking.holds_stock or booking.state == State.CHECKED_IN:
        messages.info(request, _("This form is closed: the stay is not waiting for it any more."))
        return see("guestform:tasks", booking.reference)
    answers = forms.answers_of(form)
    data = request.POST if request.method == "POST" else None
    definition = form.questionnaire.definition
    pages = [
        (part, SectionForm(data, definition=definition, items=part.items, answers=answers))
        for part in progress.parts(form, answers)
    ]
    statements = SectionForm(
        data, definition=definition, items=progress.consent_items(form), answers={}, as_statements=True
    )
    agree = AgreeForm(data)
    if data is None:
        return _change_page(request, booking, form, pages, statements, agree)
    everything = [*(page for _part, page in pages), statements]
    raw: dict[str, Any] = {}
    for page in everything:
        page.is_valid()
        raw |= page.raw()
    if not any(page.errors for page in everything) and _send_all(request, form, raw, everything, agree):
        return _sent(request, booking, form)
    agree.is_valid()
    return _change_page(request, booking, form, pages, statements, agree)


def _send(
    request: HttpRequest, form: MedicalForm, raw: Mapping[str, Any], statements: SectionForm, agree: AgreeForm
) -> dict[str, str] | None:
    """Send the form. None when it went; otherwise the problems of other parts (those of this page are beside it)."""
    agreed = agreement(request, form, tuple(PURPOSES)) if agree.is_valid() else None
    try:
        forms.submit(form, raw, agreement=agreed, by=actor(request), at=timezone.now())
    except BadAnswers as error:
        return statements.take_problems(error.problems)
    except DomainError as error:
        if error.code == "consent_needed":
            return {}
        if error.attr in statements.names:
            return {str(error.attr): error.message}
        raise
    return None


def _send_all(
    request: HttpRequest, form: MedicalForm, raw: Mapping[str, Any], pages: list[SectionForm], agree: AgreeForm
) -> bool:
    problems = _send(request, form, raw, pages[-1], agree)
    if problems is None:
        return True
    for page in pages[:-1]:
        problems = page.take_problems(problems)
    return False


def _sent(request: HttpRequest, booking: StayBooking, form: MedicalForm) -> HttpResponse:
    left = booking.medical_forms.filter(state=F.DRAFT).exists()
    if left:
        messages.success(request, _("Thank you. This form is sent; one more of your party is still open."))
        return see("guestform:tasks", booking.reference)
    messages.success(request, _("Thank you. Our doctor has your form, and you hear from us within a day."))
    return see("bookings:stay", booking.reference)


def _submit_page(
    request: HttpRequest,
    booking: StayBooking,
    form: MedicalForm,
    statements: SectionForm,
    agree: AgreeForm,
    *,
    elsewhere: Mapping[str, str] | None = None,
) -> HttpResponse:
    answers = forms.answers_of(form)
    parts = progress.parts(form, answers)
    missing = [
        {"text": words, "href": f"{part.href}#{statements.names[link]}"}
        for link, words in (elsewhere or {}).items()
        for part in parts
        if link in {item["linkId"] for item in progress.questions(part.items)}
    ]
    bad = bool(statements.errors or agree.errors or missing)
    context = {
        "booking": booking,
        "form": form,
        "statements": statements,
        "agree": agree,
        "purposes": list(PURPOSES.values()),
        "missing": missing,
        "left": sum(part.missing for part in parts),
        "total": len(parts) + 1,
        "bad": bad,
    }
    return render(request, "guest_form/submit.html", context, status=400 if bad else 200)


def _change_page(
    request: HttpRequest,
    booking: StayBooking,
    form: MedicalForm,
    pages: list[tuple[progress.Part, SectionForm]],
    statements: SectionForm,
    agree: AgreeForm,
) -> HttpResponse:
    everything = [*(page for _part, page in pages), statements, agree]
    bad = any(page.errors for page in everything)
    context = {
        "booking": booking,
        "form": form,
        "pages": [{"part": part, "page": page} for part, page in pages],
        "statements": statements,
        "agree": agree,
        "all_forms": everything,
        "purposes": list(PURPOSES.values()),
        "cleared": form.state == F.CLEARED,
        "bad": bad,
    }
    return render(request, "guest_form/change.html", context, status=400 if bad else 200)
