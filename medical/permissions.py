"""Who may see an answer: the assigned doctor and the lead of the property. A superuser as such is neither."""

from __future__ import annotations

from typing import Any

from core.reach import reach_of
from medical.models import MedicalForm

DOCTOR, LEAD = "doctor", "medical_lead"


def is_doctor(user: Any) -> bool:
    """In the doctors' group, active; a superuser's flag does not count."""
    return _in_group(user, DOCTOR)


def is_lead(user: Any) -> bool:
    """In the medical leads' group."""
    return _in_group(user, LEAD)


def reviews(user: Any) -> bool:
    """Doctors and medical leads."""
    return is_doctor(user) or is_lead(user)


def may_delete_rules(user: Any) -> bool:
    return bool(user.has_perm("medical.delete_redflagrule"))


def may_review(user: Any, form: MedicalForm) -> bool:
    """The assigned doctor, or a lead, of the property; nobody before the guest agreed or after she took it back."""
    if form.submitted_at is None or form.consent_withdrawn_at is not None:
        return False
    if not reach_of(user).covers(form.booking.property_id):
        return False
    return (form.doctor_id == user.pk and is_doctor(user)) or is_lead(user)


def _in_group(user: Any, name: str) -> bool:
    if not user.is_authenticated or not user.is_active:
        return False
    if not hasattr(user, "_medical_groups"):
        user._medical_groups = set(user.groups.values_list("name", flat=True))
    return name in user._medical_groups
