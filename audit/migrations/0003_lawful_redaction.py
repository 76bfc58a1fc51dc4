"""The history may be blanked under `audit.redaction`, and only there: who, why and data, never what, when or whose."""

from django.db import migrations

LAWFUL = """
CREATE OR REPLACE FUNCTION pema_history_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    redaction TEXT := current_setting('pema.redaction', true);
BEGIN
    IF TG_OP = 'UPDATE' AND redaction <> '' THEN
        IF (NEW.id, NEW.subject, NEW.at, NEW.event, NEW.from_state, NEW.to_state, NEW.actor_kind)
            IS NOT DISTINCT FROM
            (OLD.id, OLD.subject, OLD.at, OLD.event, OLD.from_state, OLD.to_state, OLD.actor_kind)
            AND NEW.actor_id IS NOT DISTINCT FROM OLD.actor_id AND OLD.event <> 'redacted'
            AND EXISTS (SELECT 1 FROM audit_history WHERE id = redaction::bigint AND event = 'redacted')
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = '42501';
END $$;
DROP TRIGGER audit_history_append_only ON audit_history;
CREATE TRIGGER audit_history_append_only BEFORE UPDATE OR DELETE ON audit_history
    FOR EACH ROW EXECUTE FUNCTION pema_history_only_grows();
"""
BACK = """
DROP TRIGGER audit_history_append_only ON audit_history;
CREATE TRIGGER audit_history_append_only BEFORE UPDATE OR DELETE ON audit_history
    FOR EACH ROW EXECUTE FUNCTION pema_refuse_change();
DROP FUNCTION pema_history_only_grows();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]
    operations = [migrations.RunSQL(LAWFUL, BACK)]
