"""Questionnaire, form, review, clearance. On top; nobody below knows an answer."""

from django.apps import AppConfig


class MedicalConfig(AppConfig):
    name = "medical"
    verbose_name = "Medical review"

    def ready(self) -> None:
        from core.reach import Reaches
        from medical import receivers, tasks  # noqa: F401
        from medical.models import MedicalForm

        Reaches.subject("form", MedicalForm.objects.all, key="public_id", path="booking__property")
