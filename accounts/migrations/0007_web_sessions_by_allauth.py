"""Browsers are listed by allauth's own table."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_sign_in_on_the_web")]

    operations = [migrations.DeleteModel(name="WebSession")]
