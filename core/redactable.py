"""Migration operation for a table that only grows, and whose personal words a law may still take out.

An UPDATE passes when the transaction names, in `pema.redaction`, the history row "redacted" that it has written itself
(`audit.redaction.opened`), empties columns and leaves alone those that tell what happened. DELETE and TRUNCATE never
pass.
"""

from __future__ import annotations

from django.db import migrations

# The row of an earlier redaction opens nothing: number and beginning of the transaction stand in it. (Both, because
# numbers begin anew in a server that was restored from a copy. Savepoints share them, unlike xmin.)
THIS_TRANSACTION = """
CREATE OR REPLACE FUNCTION pema_this_transaction() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT pg_current_xact_id()::text || '@' || extract(epoch FROM transaction_timestamp())::text
$$;
"""
_OPEN = """
CREATE OR REPLACE FUNCTION pema_redaction_open() RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    redaction TEXT := current_setting('pema.redaction', true);
BEGIN
    RETURN coalesce(redaction, '') <> '' AND EXISTS (
        SELECT 1 FROM audit_history WHERE id = redaction::bigint AND event = 'redacted'%s
    );
END $$;
"""
OPEN_BY_ANY = _OPEN % ""  # how it was before history rows knew their transaction
OPEN = THIS_TRANSACTION + _OPEN % " AND written_in = pema_this_transaction()"

# What changed is empty afterwards: nothing, no words, a number 0, a day of long ago; of a trail the name alone.
BLANKED = """
CREATE OR REPLACE FUNCTION pema_only_blanked(was jsonb, now jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(bool_and(
        value IN ('null', '""', '{}', '[]', '0', 'false') OR value #>> '{}' LIKE '1970-01-01%'
        OR (key = 'pgh_context' AND value = jsonb_set(was -> key, '{name}', '""'))
    ), true)
    FROM jsonb_each(now) WHERE value IS DISTINCT FROM was -> key
$$;
"""

FUNCTION = """
CREATE OR REPLACE FUNCTION pema_refuse_unless_redacted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept TEXT;
BEGIN
    IF TG_OP = 'UPDATE' AND pema_redaction_open() THEN
        FOREACH kept IN ARRAY TG_ARGV LOOP
            IF to_jsonb(NEW) -> kept IS DISTINCT FROM to_jsonb(OLD) -> kept THEN
                RAISE EXCEPTION '% is append-only: % stays as it is', TG_TABLE_NAME, kept USING ERRCODE = '42501';
            END IF;
        END LOOP;
        IF pema_only_blanked(to_jsonb(OLD), to_jsonb(NEW)) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = '42501';
END $$;
"""

HISTORY = """
CREATE OR REPLACE FUNCTION pema_history_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.event <> 'redacted'
        AND to_jsonb(NEW) - '{actor_name,reason,data,request_id}'::text[]
            = to_jsonb(OLD) - '{actor_name,reason,data,request_id}'::text[]
        AND pema_only_blanked(to_jsonb(OLD), to_jsonb(NEW)) AND pema_redaction_open()
    THEN
        RETURN NEW;
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
