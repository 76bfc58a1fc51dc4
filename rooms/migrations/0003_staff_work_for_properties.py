"""Staff work for given properties. Those who are here already work for every property there is.

Taken back, who works where is forgotten with the table.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def assign_everybody(apps, schema_editor):
    people = apps.get_model("accounts", "User").objects.filter(is_staff=True)
    properties = apps.get_model("rooms", "Property").objects.all()
    work = apps.get_model("rooms", "PropertyStaff")
    rows = [work(user=person, property=one) for one in properties for person in people]
    work.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_roles"),
        ("rooms", "0002_search_words"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="property",
            options={
                "permissions": [("see_every_property", "Can see every property without being assigned to it")],
                "verbose_name_plural": "properties",
            },
        ),
        migrations.CreateModel(
            name="PropertyStaff",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "property",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="staff", to="rooms.property"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="works_for",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "workplace",
                "constraints": [
                    models.UniqueConstraint(fields=("user", "property"), name="staff_once_per_property")
                ],
            },
        ),
        migrations.RunPython(assign_everybody, migrations.RunPython.noop),
    ]
