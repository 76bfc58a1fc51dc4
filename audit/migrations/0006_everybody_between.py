from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the tables are large; nobody waits while their indexes are built

    dependencies = [("audit", "0005_redaction_of_this_transaction")]

    operations = [
        AddIndexConcurrently(model_name="accesslog", index=models.Index(fields=["at"], name="access_between")),
        AddIndexConcurrently(model_name="history", index=models.Index(fields=["at"], name="history_between")),
    ]
