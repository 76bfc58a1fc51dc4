"""The history may be blanked under `audit.redaction`, and only there: who, why and data, never what, when or whose."""

from django.db import migrations

from core.redactable import BLANKED, HISTORY, OPEN_BY_ANY

LAWFUL = f"""{OPEN_BY_ANY}{BLANKED}{HISTORY}
DROP TRIGGER audit_history_append_only ON audit_history;
CREATE TRIGGER audit_history_append_only BEFORE UPDATE OR DELETE ON audit_history
    FOR EACH ROW EXECUTE FUNCTION pema_history_only_grows();
"""
BACK = """
DROP TRIGGER audit_history_append_only ON audit_history;
CREATE TRIGGER audit_history_append_only BEFORE UPDATE OR DELETE ON audit_history
    FOR EACH ROW EXECUTE FUNCTION pema_refuse_change();
DROP FUNCTION pema_history_only_grows();
DROP FUNCTION pema_redaction_open();
DROP FUNCTION pema_only_blanked(jsonb, jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]
    operations = [migrations.RunSQL(LAWFUL, BACK)]
