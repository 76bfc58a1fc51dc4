"""How a medical record ends: answers, flags, questions, notes and conditions go; that there was one stays."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from audit.forgetting import lawfully
from audit.record import changed
from core.actors import Actor
from medical.models import ArrivalExamination, Clarification, Decision, MedicalForm

AT_ONCE = 500


def forget(forms: QuerySet[MedicalForm], *, why: str, by: Actor, at: datetime | None) -> int:
    """Empty these records; returns how many. `why` is erasure or retention and stands in each form's history."""
    at = at or timezone.now()
    done = 0
    while True:
        with transaction.atomic():
            some = list(forms.exclude(answers="", flags="").order_by("pk")[:AT_ONCE].values_list("pk", "public_id"))
            _empty([pk for pk, _ in some], why, by, at)
            for _pk, public_id in some:
                changed(f"form:{public_id}", "record emptied", by=by, at=at, reason=why)
        done += len(some)
        if len(some) < AT_ONCE:
            return done


def _empty(pks: list[int], why: str, by: Actor, at: datetime) -> None:
    if not pks:
        return
    with lawfully(f"medical record: {why}", by=by, at=at):
        Decision.objects.filter(form_id__in=pks).update(note="", guest_words="", conditions=[])
    Clarification.objects.filter(form_id__in=pks).update(question="", answer="")
    MedicalForm.objects.filter(pk__in=pks).update(answers="", flags="", flag_weight=0)
    bookings = MedicalForm.objects.filter(pk__in=pks).values("booking_id")
    kept = MedicalForm.objects.exclude(answers="", flags="").filter(booking_id=OuterRef("booking_id"))
    # The examination is the stay's: a companion's draft that goes does not take it away from the form that stays.
    ArrivalExamination.objects.filter(~Exists(kept), booking_id__in=bookings).update(note="")
