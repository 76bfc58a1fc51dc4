"""Questionnaire, form, review. Answers, notes and questions are sealed at rest (core.crypto)."""

from medical.models.form import Consent, MedicalForm
from medical.models.questionnaire import Questionnaire, RedFlagRule
from medical.models.review import ArrivalExamination, Clarification, Decision, DoctorProfile

__all__ = [
    "ArrivalExamination",
    "Clarification",
    "Consent",
    "Decision",
    "DoctorProfile",
    "MedicalForm",
    "Questionnaire",
    "RedFlagRule",
]
