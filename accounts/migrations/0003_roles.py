"""The groups of the house. What each may do is kept by `backoffice.roles` after every migrate.

Taken back, the groups stay: people belong to them, and a group that may do nothing harms nobody.
"""

from django.db import migrations

ROLES = (
    "front_desk",
    "reservations",
    "finance",
    "doctor",
    "medical_lead",
    "content_editor",
    "facilitator",
    "manager",
    "admin",
)


def make_groups(apps, schema_editor):
    group = apps.get_model("auth", "Group")
    for name in ROLES:
        group.objects.get_or_create(name=name)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_live_token_per_family"),
    ]

    operations = [
        migrations.RunPython(make_groups, migrations.RunPython.noop),
    ]
