"""The guest forms of a stay: what is done, what is left, and what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bookings.models import StayBooking
from bookings.states import State
from bookings.web import access as stays
from bookings.web import status
from core.doors import GUEST, HOLDER, Scope, door
from medical.domain import reading
from medical.domain.forms import answers_of
from medical.models import Decision, MedicalForm
from medical.web import progress
from medical.web.access import form_of

F = MedicalForm.State


@dataclass(frozen=True, slots=True)
class Sheet:
    """One guest's form as the list shows it."""

    form: MedicalForm
    badge: str
    badge_kind: str
    parts: list[progress.Part]
    done: int
    percent: int
    go_on: str
    open_questions: int
    words: str

    @property
    def total(self) -> int:
        return len(self.parts) + 1  # the agreement is the last part

    @property
    def untouched(self) -> bool:
        return all(part.state == "ahead" for part in self.parts)


@door(GUEST, HOLDER, scope=Scope.OWN)
@never_cache
@require_safe
def tasks(request: HttpRequest, reference: str) -> HttpResponse:
    """All forms of the stay; the one who booked sees those of her whole party."""
    booking = stays.stay(request, reference)
    forms = booking.medical_forms.select_related("guest", "questionnaire").order_by("guest__position")
    sheets = [_sheet(booking, form) for form in forms]
    waiting = next((sheet for sheet in sheets if sheet.form.state in (F.DRAFT, F.ASKED)), None)
    context = {
        "booking": booking,
        "title": status.title(booking),
        "first": waiting.form.pk if waiting else None,
        "sheets": sheets,
        "several": len(sheets) > 1,
        "changeable": booking.holds_stock and booking.state != State.CHECKED_IN,
        "closed_words": "" if sheets else _without_form(booking),
        "unpaid": booking.state == State.HELD,
    }
    return render(request, "guest_form/tasks.html", context)


@door(GUEST, HOLDER, scope=Scope.OWN)
@never_cache
@require_safe
def check(request: HttpRequest, reference: str, form_id: UUID) -> HttpResponse:
    """All answers on one page: before they are sent, and afterwards to read again."""
    booking, form = form_of(request, reference, form_id)
    answers = answers_of(form)
    parts = progress.parts(form, answers)
    shown = {section.title: section.answers for section in reading.shown(form)}
    rows = [
        {"part": part, "answers": shown.get(part.label, []), "missing": progress.missing(part.items, answers)}
        for part in parts
    ]
    context = {
        "booking": booking,
        "form": form,
        "rows": rows,
        "draft": form.state == F.DRAFT,
        "complete": all(part.state == "done" or not part.missing for part in parts),
        "left": sum(part.missing for part in parts),
        "questions": [one for one in reading.questions_of(form) if one["answer"]],
    }
    return render(request, "guest_form/check.html", context)


@door(GUEST, HOLDER, scope=Scope.OWN)
@never_cache
@require_safe
def readers(request: HttpRequest, reference: str, form_id: UUID) -> HttpResponse:
    """Who has opened the answers, when and why."""
    booking, form = form_of(request, reference, form_id)
    context = {"booking": booking, "form": form, "readers": reading.readers_of(form)}
    return render(request, "guest_form/readers.html", context)


def _sheet(booking: StayBooking, form: MedicalForm) -> Sheet:
    form.booking = booking
    answers = answers_of(form)
    parts = progress.parts(form, answers)
    first = next((part for part in parts if part.state != "done"), None)
    done = sum(part.state == "done" for part in parts) + (form.state != F.DRAFT)
    words, kind = _badge(form, begun=any(part.state != "ahead" for part in parts))
    return Sheet(
        form=form,
        badge=words,
        badge_kind=kind,
        parts=parts,
        done=done,
        percent=done * 100 // (len(parts) + 1),
        go_on=first.href if first else "",
        open_questions=form.clarifications.filter(answered_at__isnull=True).count() if form.state == F.ASKED else 0,
        words=_doctors_words(form),
    )


def _badge(form: MedicalForm, *, begun: bool) -> tuple[str, str]:
    if form.consent_withdrawn_at is not None and form.state in (F.SUBMITTED, F.ASKED, F.CLEARED):
        return _("Waits for your agreement"), "act"
    if form.state == F.DRAFT:
        return (_("Begun"), "act") if begun else (_("To be filled in"), "act")
    return {
        F.SUBMITTED: (_("With our doctor"), "wait"),
        F.ASKED: (_("A question for you"), "act"),
        F.CLEARED: (_("Our doctor welcomes you"), "good"),
        F.NOT_SUITABLE: (_("Closed"), "past"),
        F.CLOSED: (_("Closed"), "past"),
    }[F(form.state)]


def _doctors_words(form: MedicalForm) -> str:
    """What the doctor wrote to the guest with the latest decision; it stands here, and in no mail."""
    if form.state not in (F.CLEARED, F.NOT_SUITABLE):
        return ""
    latest = Decision.objects.filter(form=form).order_by("-id").first()
    return latest.guest_words if latest else ""


def _without_form(booking: StayBooking) -> str:
    if booking.clearance == "not_needed":
        return _("For this program no form is needed. Just come.")
    if booking.state == State.HELD:
        return _("Your form opens as soon as the first payment has arrived.")
    if booking.state == State.PENDING_MEDICAL:
        return _("Your form is being laid out. Please look again in a moment.")
    return _("This stay does not wait for a form any more.")
