"""The doctors' door. Answers leave `medical` through `medical.domain.reading` only, and each read is logged."""

from medical.admin.catalogue import DoctorProfileAdmin, QuestionnaireAdmin, RedFlagRuleAdmin
from medical.admin.reviews import MedicalFormAdmin

__all__ = ["DoctorProfileAdmin", "MedicalFormAdmin", "QuestionnaireAdmin", "RedFlagRuleAdmin"]
