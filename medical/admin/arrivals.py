"""The arrival examination: who is in the house and not examined yet, and the doctor's three answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.roles import DOCTOR, MEDICAL_LEAD
from bookings.domain import arrival
from bookings.models import StayBooking
from bookings.states import State
from core.doors import Scope, door
from core.errors import DomainError
from core.money import format_inr
from core.nights import local_date
from core.reach import reach_of
from medical.admin.forms import DenyForm, ExamineForm, OtherProgramForm
from medical.domain import arrival as medical_arrival
from medical.models import ArrivalExamination
from medical.permissions import may_review, reviews
from programs.models import Program

E = ArrivalExamination.Outcome


@door(DOCTOR, MEDICAL_LEAD, scope=Scope.PROPERTY)
def waiting(request, site):
    """Stays in the house whose examination is still to come."""
    _doctors_only(request)
    stays = (
        _stays(request)
        .filter(state=State.CHECKED_IN, program__needs_medical_review=True, arrival_examination__isnull=True)
        .select_related("program")
        .prefetch_related("guests", "rooms__room_type")
        .order_by("check_in", "reference")[:200]
    )
    context = {**site.each_context(request), "title": _("Arrivals to examine"), "stays": list(stays)}
    return TemplateResponse(request, "admin/medical/arrivals.html", context)


@door(DOCTOR, MEDICAL_LEAD, scope=Scope.PROPERTY, changes=True)
def examine(request, reference, site):
    """The page of one arrival: admit, another program, or deny; what each costs stands beside it."""
    _doctors_only(request)
    booking = (
        _stays(request)
        .filter(reference=reference)
        .select_related("program", "property", "folio")
        .prefetch_related("guests", "rooms__room_type", "medical_forms__guest")
        .first()
    )
    if booking is None:
        raise Http404
    now = timezone.now()
    done = ArrivalExamination.objects.filter(booking=booking).select_related("doctor").first()
    programs = _other_programs(booking)
    forms = _forms(request, programs)
    status = 200
    if request.method == "POST":
        said, status = _act(request, booking, forms, now)
        if said:
            messages.success(request, said)
            return redirect("admin:medical_arrivals")
    today = local_date(now, booking.property.time_zone)
    context = {
        **site.each_context(request),
        "title": booking.contact_name,
        "booking": booking,
        "done": done,
        "open": done is None and booking.state == State.CHECKED_IN,
        "forms": forms,
        "refund": arrival.refund_if_denied(booking, today),
        "consumed": arrival.consumed_amount(booking, today),
        "readable": [form for form in booking.medical_forms.all() if may_review(request.user, form)],
    }
    return TemplateResponse(request, "admin/medical/arrival.html", context, status=status)


def _stays(request):
    """Arrivals at the properties that this doctor works for."""
    return reach_of(request.user).rows(StayBooking.objects.all(), "property")


def _doctors_only(request) -> None:
    if not reviews(request.user):
        raise PermissionDenied


def _other_programs(booking: StayBooking) -> dict[int, str]:
    """Programs the guest could change to, each with what it costs more or less."""
    found = {}
    for program in Program.objects.filter(property=booking.property, published=True).exclude(pk=booking.program_id):
        try:
            more = arrival.difference(booking, program)
        except DomainError:
            continue
        words = _t("same price")
        if more > 0:
            words = _t("%(amount)s more, to be paid here") % {"amount": format_inr(more)}
        elif more < 0:
            words = _t("%(amount)s less, goes back") % {"amount": format_inr(-more)}
        found[program.pk] = f"{program.name} ({words})"
    return found


def _forms(request, programs: dict[int, str]) -> dict[str, Any]:
    sent = request.POST.get("deed") if request.method == "POST" else None
    choices = Program.objects.filter(pk__in=programs)
    kinds: dict[str, Any] = {
        E.ADMIT: ExamineForm,
        E.CHANGE_PROGRAM: lambda *args, **more: OtherProgramForm(*args, programs=choices, words=programs, **more),
        E.DENY: DenyForm,
    }
    return {
        str(name): kind(*([request.POST] if name == sent else []), auto_id=f"{name}_%s") for name, kind in kinds.items()
    }


def _act(request, booking, forms, now) -> tuple[str, int]:
    name = request.POST.get("deed", "")
    filled = forms.get(name)
    if filled is None or not filled.is_valid():
        return "", 400
    found = filled.cleaned_data
    try:
        medical_arrival.examine(
            booking, name, doctor=request.user, at=now, note=found["note"], program=found.get("program")
        )
    except DomainError as error:
        filled.add_error(error.attr if error.attr in filled.fields else None, error.message)
        return "", error.status
    words = {
        E.ADMIT: _t("%(name)s may begin."),
        E.CHANGE_PROGRAM: _t("%(name)s begins with another program."),
        E.DENY: _t("%(name)s cannot stay; the money for the unused nights goes back."),
    }
    return words[E(name)] % {"name": booking.contact_name}, 302
