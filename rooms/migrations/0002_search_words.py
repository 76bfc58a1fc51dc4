import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations, models

import core.plain_text


class Migration(migrations.Migration):
    """Words found without case, accents and small mistakes."""

    dependencies = [
        ("rooms", "0001_initial"),
    ]

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL(core.plain_text.MAKE_PLAIN, "DROP FUNCTION pema_plain(text)"),
        migrations.AddIndex(
            model_name="roomtype",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    core.plain_text.Plain(
                        django.db.models.functions.text.Concat(
                            models.F("name"),
                            models.Value(" "),
                            models.F("tagline"),
                            models.Value(" "),
                            models.F("description"),
                            output_field=models.TextField(),
                        )
                    ),
                    name="gin_trgm_ops",
                ),
                name="room_type_said",
            ),
        ),
    ]
