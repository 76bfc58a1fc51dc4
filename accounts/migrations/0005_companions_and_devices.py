import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_codes_contacts_and_sessions")]

    operations = [
        migrations.CreateModel(
            name="Companion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("birth_date", models.DateField(blank=True, null=True)),
                (
                    "relation",
                    models.CharField(
                        max_length=10,
                        choices=[
                            ("partner", "Partner"),
                            ("child", "Child"),
                            ("parent", "Parent"),
                            ("sibling", "Sister or brother"),
                            ("friend", "Friend"),
                            ("caregiver", "Caregiver"),
                            ("other", "Somebody else"),
                        ],
                    ),
                ),
                (
                    "diet",
                    models.CharField(
                        blank=True,
                        default="",
                        max_length=8,
                        choices=[
                            ("", "As the kitchen cooks"),
                            ("vegan", "Vegan"),
                            ("jain", "Jain"),
                            ("sattvic", "Sattvic, no onion or garlic"),
                            ("eggs", "Vegetarian with eggs"),
                        ],
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="companions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ["name", "id"]},
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("token", models.TextField(help_text="as the push service gave it", max_length=4096)),
                ("digest", models.CharField(help_text="SHA-256 of the token", max_length=64, unique=True)),
                (
                    "platform",
                    models.CharField(choices=[("android", "Android"), ("ios", "iOS"), ("web", "Web")], max_length=8),
                ),
                ("name", models.CharField(blank=True, max_length=80)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("seen_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="devices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ["-seen_at", "-id"]},
        ),
    ]
