"""The doctor's clock: due 24 h after submission, a warning at 20 h."""

from __future__ import annotations

from datetime import datetime, timedelta

from medical.models import MedicalForm
from notifications.domain.desk import ask_staff

WARN_BEFORE = timedelta(hours=4)


def run(*, at: datetime) -> int:
    """Put decisions that are nearly or already late on the medical desk, once each; returns how many were looked at."""
    late = MedicalForm.objects.filter(state=MedicalForm.State.SUBMITTED, due_at__lte=at + WARN_BEFORE)
    found = 0
    for form in late.select_related("booking"):
        over = form.due_at is not None and form.due_at <= at
        ask_staff(
            "medical",
            f"{form.booking.reference}: a decision is {'overdue' if over else 'due within four hours'}.",
            key=f"form:{form.pk}:{form.revision}:{'overdue' if over else 'warning'}",
            subject=form.booking.subject,
            at=at,
        )
        found += 1
    return found
