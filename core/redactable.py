"""Migration operation for a table that only grows, and whose personal words a law may still take out.

An UPDATE passes when the transaction names, in `pema.redaction`, a history row "redacted" that exists (written by
`audit.forgetting.lawfully`), and leaves alone the columns that tell what happened. DELETE and TRUNCATE never pass.
"""

from __future__ import annotations

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION pema_refuse_unless_redacted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    redaction TEXT := current_setting('pema.redaction', true);
    kept TEXT;
BEGIN
    IF TG_OP = 'UPDATE' AND redaction <> '' THEN
        FOREACH kept IN ARRAY TG_ARGV LOOP
            IF to_jsonb(NEW) -> kept IS DISTINCT FROM to_jsonb(OLD) -> kept THEN
                RAISE EXCEPTION '% is append-only: % stays as it is', TG_TABLE_NAME, kept USING ERRCODE = '42501';
            END IF;
        END LOOP;
        IF EXISTS (SELECT 1 FROM audit_history WHERE id = redaction::bigint AND event = 'redacted') THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = '42501';
END $$;
"""


def redactable(table: str, *kept: str) -> migrations.RunSQL:
    """Replace the row trigger of `core.triggers.append_only(table)`; the columns `kept` never change. Reversible."""
    columns = ", ".join(f"'{column}'" for column in kept)
    drop = f"DROP TRIGGER {table}_append_only ON {table};"
    create = f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION "
    return migrations.RunSQL(
        sql=f"{FUNCTION}{drop}{create}pema_refuse_unless_redacted({columns});",
        reverse_sql=f"{drop}{create}pema_refuse_change();",
    )
