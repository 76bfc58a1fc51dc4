from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_change_events")]

    operations = [
        migrations.AlterField(
            "challenge",
            "purpose",
            models.CharField(
                max_length=16,
                choices=[
                    ("sign_in", "Sign in"),
                    ("confirm", "Prove who you are"),
                    ("email", "Own an e-mail address"),
                    ("phone", "Own a telephone number"),
                    ("second_factor", "Second factor"),
                    ("stay", "Open a stay"),
                ],
            ),
        ),
    ]
