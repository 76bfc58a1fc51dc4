"""The review queue and the review screen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.roles import DOCTOR, MEDICAL_LEAD
from bookings.states import State
from core.actors import Actor
from core.admin import ReadOnlyAdmin
from core.doors import Scope, door
from core.errors import DomainError
from medical.admin import arrivals
from medical.admin.forms import AskForm, AssignForm, ConditionsForm, NoteForm, NotSuitableForm, ReferForm
from medical.domain import reading, review
from medical.models import MedicalForm
from medical.permissions import is_lead, reviews

S = MedicalForm.State
WARN = timedelta(hours=4)
ORDERS = {
    "due": [F("due_at").asc(nulls_last=True), "-flag_weight", "booking__check_in"],
    "flags": ["-flag_weight", F("due_at").asc(nulls_last=True), "booking__check_in"],
    "arrival": ["booking__check_in", F("due_at").asc(nulls_last=True)],
}
ORDER_WORDS = [("due", _("time left")), ("flags", _("red flags")), ("arrival", _("arrival"))]
WAITING = {"doctor": S.SUBMITTED, "guest": S.ASKED}
WAITING_WORDS = [("", _("all open")), ("doctor", _("waiting for us")), ("guest", _("waiting for the guest"))]


@admin.register(MedicalForm)
class MedicalFormAdmin(ReadOnlyAdmin):
    """Doctors and leads only. A superuser is neither, and finds nothing here."""

    within = "booking__property"

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None):
        return reviews(request.user)

    def get_queryset(self, request):
        """No list, search or autocomplete of Django's own ever reaches a form."""
        return MedicalForm.objects.none()

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="medical_medicalform_changelist"),
            path("arrivals/", wrap(arrivals.waiting), {"site": self.admin_site}, name="medical_arrivals"),
            path(
                "arrivals/<str:reference>/", wrap(arrivals.examine), {"site": self.admin_site}, name="medical_arrival"
            ),
            path("<str:object_id>/change/", wrap(self.change_view), name="medical_medicalform_change"),
        ]

    # --- the queue --------------------------------------------------------------------------------------------------

    @door(DOCTOR, MEDICAL_LEAD, scope=Scope.ASSIGNED)
    def changelist_view(self, request, extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        now = timezone.now()
        order = request.GET.get("order") if request.GET.get("order") in ORDERS else "due"
        waiting = request.GET.get("waiting") if request.GET.get("waiting") in WAITING else ""
        everything = list(review.queue_for(request.user).order_by(*ORDERS[order])[:500])
        rows = [form for form in everything if not waiting or form.state == WAITING[waiting]]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Review queue"),
            "opts": self.opts,
            "rows": [queue_row(form, now) for form in rows],
            "counts": {
                "open": len(everything),
                "late": sum(form.due_at is not None and form.due_at <= now for form in everything),
                "soon": sum(form.due_at is not None and now < form.due_at <= now + WARN for form in everything),
                "guest": sum(form.state == S.ASKED for form in everything),
            },
            "lead": is_lead(request.user),
            "order": order,
            "waiting": waiting,
            "orders": ORDER_WORDS,
            "waitings": WAITING_WORDS,
        }
        return TemplateResponse(request, "admin/medical/queue.html", context)

    # --- the review screen ------------------------------------------------------------------------------------------

    @door(DOCTOR, MEDICAL_LEAD, scope=Scope.ASSIGNED, changes=True)
    def change_view(self, request, object_id, form_url="", extra_context=None):
        form = find(object_id)
        now = timezone.now()
        record = reading.open_for(request.user, form, purpose="review of the stay", at=now)
        deeds = self.deeds(request, form)
        status = 200
        if request.method == "POST":
            done, status = self.act(request, form, deeds)
            if done:
                messages.success(request, done)
                return redirect("admin:medical_medicalform_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": form.guest.name,
            "opts": self.opts,
            "record": record,
            "form": form,
            "booking": form.booking,
            "row": queue_row(form, now),
            "deeds": deeds,
            "may_decide": may_decide(form),
            "waits": waits_for(form),
            "others": [other for other in form.booking.medical_forms.all() if other.pk != form.pk],
            "preview": review.preview_not_suitable(form, at=now) if may_decide(form) else None,
            "lead": is_lead(request.user),
        }
        return TemplateResponse(request, "admin/medical/review.html", context, status=status)

    def deeds(self, request, form) -> dict[str, forms.Form]:
        """The five decisions (and, for a lead, the assignment); the one that was sent keeps what was typed."""
        kinds: dict[str, Any] = {
            "approve": NoteForm,
            "approve_with_conditions": ConditionsForm,
            "ask": AskForm,
            "not_suitable": NotSuitableForm,
            "refer": lambda *args, **more: ReferForm(*args, form=form, **more),
        }
        if is_lead(request.user):
            kinds["assign"] = lambda *args, **more: AssignForm(*args, form=form, **more)
        sent = request.POST.get("deed") if request.method == "POST" else None
        return {
            name: kind(*([request.POST] if name == sent else []), auto_id=f"{name}_%s") for name, kind in kinds.items()
        }

    def act(self, request, form, deeds) -> tuple[str, int]:
        """Do what was sent; ("", status) when it was refused, with the reason on its form."""
        name = request.POST.get("deed", "")
        filled = deeds.get(name)
        if filled is None or not filled.is_valid():
            return "", 400
        try:
            return self._verb(request, form, name, filled.cleaned_data), 302
        except DomainError as error:
            filled.add_error(error.attr if error.attr in filled.fields else None, error.message)
            return "", error.status

    def _verb(self, request, form, name, found) -> str:
        now, doctor = timezone.now(), request.user
        if name == "ask":
            review.ask(form, found["question"], doctor=doctor, at=now)
            return _t("Your question is on its way to %(name)s.") % {"name": form.guest.name}
        if name == "assign":
            if not is_lead(doctor):
                raise PermissionDenied
            review.assign(form, found["doctor"], by=Actor.of(doctor, "doctor"), at=now)
            return _t("%(doctor)s reviews %(name)s.") % {"doctor": found["doctor"], "name": form.guest.name}
        review.decide(
            form,
            name,
            doctor=doctor,
            at=now,
            guest_words=found.get("guest_words", ""),
            conditions=found.get("conditions", ()),
            note=found.get("note", ""),
            refer_to=found.get("colleague"),
        )
        words = {
            "approve": _t("%(name)s is approved."),
            "approve_with_conditions": _t("%(name)s is approved with conditions."),
            "not_suitable": _t("%(name)s: the stay is ended, the money goes back."),
            "refer": _t("%(name)s is referred to a colleague."),
        }
        return words[name] % {"name": form.guest.name}


def find(object_id: str) -> MedicalForm:
    """The form with its stay, in a fixed number of queries; 404 for what is no id."""
    try:
        key = UUID(object_id)
    except ValueError:
        raise Http404 from None
    rows = MedicalForm.objects.select_related(
        "booking", "booking__program", "booking__property", "booking__folio", "guest", "questionnaire", "doctor"
    ).prefetch_related("booking__medical_forms__guest", "booking__rooms__room_type", "consents")
    form = rows.filter(public_id=key).first()
    if form is None:
        raise Http404
    return form


def may_decide(form: MedicalForm) -> bool:
    return form.state in (S.SUBMITTED, S.ASKED) and form.booking.state in (State.IN_REVIEW, State.ON_HOLD)


def waits_for(form: MedicalForm) -> str:
    """Why nothing can be decided now, in words."""
    if may_decide(form):
        return ""
    if form.state in (S.SUBMITTED, S.ASKED) and form.booking.state == State.PENDING_MEDICAL:
        return _t("The form of another guest of this stay is still awaited.")
    return _t("This review is closed: %(state)s.") % {"state": form.get_state_display().lower()}


def queue_row(form: MedicalForm, now) -> dict[str, Any]:
    """One line of the queue: how long there is, and how it should look."""
    left = form.due_at - now if form.due_at else form.clock_left
    if form.state == S.ASKED:
        tone, words = "quiet", _t("clock stands")
    elif left is None:
        tone, words = "quiet", "–"
    elif left <= timedelta(0):
        tone, words = "stop", _t("%(time)s late") % {"time": span(-left)}
    else:
        tone, words = ("wait" if left <= WARN else "ok"), _t("%(time)s left") % {"time": span(left)}
    return {
        "form": form,
        "tone": tone,
        "words": words,
        "url": reverse("admin:medical_medicalform_change", args=[form.public_id]),
    }


def span(length: timedelta) -> str:
    """2 d 3 h, 3 h 20 min, 12 min"""
    minutes = int(length.total_seconds() // 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
