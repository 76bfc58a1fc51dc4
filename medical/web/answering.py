"""What the doctor wants to know, and the guest's answer."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from bookings.web.access import actor
from core.doors import GUEST, HOLDER, Scope, door
from core.errors import DomainError
from core.http import see
from medical.domain import forms, reading
from medical.models import Clarification, MedicalForm
from medical.web.access import form_of

F = MedicalForm.State


@door(GUEST, HOLDER, scope=Scope.OWN, changes=True)
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest, reference: str, form_id: UUID) -> HttpResponse:
    """The open question, oldest first, and what was said before."""
    booking, form = form_of(request, reference, form_id)
    problem, typed, status = "", "", 200
    if request.method == "POST":
        typed = request.POST.get("answer", "")
        asked = _asked(form, request.POST.get("question", ""))
        if asked is None:
            problem, status = _("This question is not open any more."), 409
        else:
            try:
                forms.answer_question(asked, typed, by=actor(request), at=timezone.now())
            except DomainError as error:
                problem, status = error.message, error.status
            else:
                messages.success(request, _("Thank you. Our doctor has your answer."))
                left = form.clarifications.filter(answered_at__isnull=True).exists()
                if left:
                    return see("guestform:questions", booking.reference, form.public_id)
                return see("guestform:tasks", booking.reference)
    rows = reading.questions_of(form)
    waiting = next((row for row in rows if row["answered_at"] is None), None) if form.state == F.ASKED else None
    context = {
        "booking": booking,
        "form": form,
        "rows": [row for row in rows if row["answered_at"]],
        "waiting": waiting,
        "problem": problem,
        "typed": typed,
    }
    return render(request, "guest_form/questions.html", context, status=status)


def _asked(form: MedicalForm, question_id: str) -> Clarification | None:
    try:
        wanted = UUID(question_id)
    except ValueError:
        return None
    return form.clarifications.select_related("form__booking").filter(public_id=wanted).first()
