"""What is sold: programs, rate bands, extras, policies, tax rules."""

from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    name = "programs"
    verbose_name = "Programs and prices"
