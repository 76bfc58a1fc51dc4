"""Decisions are never edited, only followed by a new one."""

from django.db import migrations

from core.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("medical", "0001_initial")]
    operations = [append_only("medical_decision")]
