from django.db import migrations, models

CHANNELS = [("email", "E-mail"), ("sms", "SMS"), ("whatsapp", "WhatsApp"), ("push", "App")]


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_dead_letters")]

    operations = [
        migrations.AddField("message", "channel", models.CharField(max_length=8, choices=CHANNELS, default="email")),
        migrations.AlterField(
            "message",
            "recipient",
            models.CharField(max_length=254, help_text="an address, a number, or the id of a device"),
        ),
        migrations.AddField(
            "message", "sealed", models.TextField(blank=True, help_text="what opens a door, encrypted")
        ),
        migrations.AddField("message", "expires_at", models.DateTimeField(null=True, blank=True)),
        migrations.AddField(
            "message", "dropped", models.CharField(max_length=60, blank=True, help_text="why it was not sent")
        ),
        migrations.RenameField("message", "message_id", "provider_id"),
        migrations.AlterField(
            "message",
            "provider_id",
            models.CharField(max_length=200, blank=True, help_text="what the carrier calls it"),
        ),
        migrations.AddField(
            "mailboxitem", "channel", models.CharField(max_length=8, choices=CHANNELS, default="email")
        ),
        migrations.AddField(
            "mailboxitem",
            "attachments",
            models.JSONField(default=list, blank=True, help_text="[{name, type, bytes}]"),
        ),
    ]
