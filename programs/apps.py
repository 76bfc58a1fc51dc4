"""What is sold: programs, rate bands, extras, policies, tax rules."""

from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    name = "programs"
    verbose_name = "Programs and prices"

    def ready(self) -> None:
        from core.reach import Reaches
        from programs.models import Program

        Reaches.subject("program", Program.objects.all, key="slug", path="property")
