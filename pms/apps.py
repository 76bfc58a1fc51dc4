"""Promises to the property system and news from it. Gets frozen snapshots, never a booking."""

from django.apps import AppConfig


class PmsConfig(AppConfig):
    name = "pms"
    verbose_name = "Property system"
