"""History opens only to the transaction that has written the row "redacted", and only for emptying."""

from django.db import migrations, models

from core.redactable import BLANKED, FUNCTION, HISTORY, OPEN, OPEN_BY_ANY
from core.triggers import FUNCTION as REFUSE
from core.triggers import OnlyGrowsSql

EVENTS = OnlyGrowsSql(func="", pgid="-", table="-", when="", operation="").get_template().split("DROP TRIGGER")[0]
STAMP = """
CREATE FUNCTION pema_stamp_redaction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.written_in := pema_this_transaction();
    RETURN NEW;
END $$;
CREATE TRIGGER audit_history_stamp BEFORE INSERT ON audit_history
    FOR EACH ROW WHEN (NEW.event = 'redacted') EXECUTE FUNCTION pema_stamp_redaction();
"""
BACK = f"""
DROP TRIGGER audit_history_stamp ON audit_history;
DROP FUNCTION pema_stamp_redaction();
{OPEN_BY_ANY}
DROP FUNCTION pema_this_transaction();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_who_saw_between")]
    operations = [
        migrations.AddField(
            model_name="history",
            name="written_in",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                help_text="of a redaction: its transaction, filled by the database",
                max_length=60,
            ),
        ),
        migrations.RunSQL(REFUSE + BLANKED + FUNCTION + HISTORY + EVENTS + OPEN + STAMP, BACK),
    ]
