"""Questionnaire, form, review, clearance. On top; nobody below knows an answer."""

from django.apps import AppConfig


class MedicalConfig(AppConfig):
    name = "medical"
    verbose_name = "Medical review"

    def ready(self) -> None:
        from medical import receivers, tasks  # noqa: F401
