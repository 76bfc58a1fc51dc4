"""Tables that only grow: a migration operation for a table of our own, a trigger for event tables."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.db import migrations
from django.db.models import Model
from pgtrigger import compiler

FUNCTION = """
CREATE OR REPLACE FUNCTION pema_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND starts_with(current_database(), 'test_') THEN
        RETURN NULL; -- a test run empties its own database between tests
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = '42501';
END $$;
"""


def append_only(table: str) -> migrations.RunSQL:
    """The database refuses UPDATE, DELETE and TRUNCATE on `table`. Reversible."""
    return migrations.RunSQL(
        sql=FUNCTION
        + f"""
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION pema_refuse_change();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION pema_refuse_change();
""",
        reverse_sql=f"DROP TRIGGER {table}_append_only ON {table}; DROP TRIGGER {table}_no_truncate ON {table};",
    )


class OnlyGrowsSql(compiler.UpsertTriggerSql):
    """One function for all event tables. Unlike pgtrigger's own it cannot be switched off by `pgtrigger.ignore`.

    The one lawful exception is an UPDATE under `audit.redaction` (`core.redactable`): the same transaction has written
    the history row that says who blanks what by which law, and words are emptied, never replaced; what, when and of
    which row the event tells stays as it is. Migrations refer to this class: do not edit the template, write a new one.
    """

    def get_template(self) -> str:
        return """
            CREATE OR REPLACE FUNCTION pema_events_only_grow() RETURNS TRIGGER LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'TRUNCATE' AND starts_with(current_database(), 'test_') THEN
                    RETURN NULL; -- a test run empties its own database between tests
                END IF;
                IF TG_OP = 'UPDATE' AND NEW.pgh_id = OLD.pgh_id AND NEW.pgh_created_at = OLD.pgh_created_at
                    AND NEW.pgh_label = OLD.pgh_label AND NEW.pgh_obj_id = OLD.pgh_obj_id
                    AND pema_only_blanked(to_jsonb(OLD), to_jsonb(NEW)) AND pema_redaction_open()
                THEN
                    RETURN NEW;
                END IF;
                RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = '42501';
            END $$;

            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE TRIGGER {pgid} {when} {operation} ON {table}
                FOR EACH {level} EXECUTE FUNCTION pema_events_only_grow();

            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class OnlyGrows(pgtrigger.Trigger):
    """Refuses what an event table must not see."""

    when = pgtrigger.Before

    def compile(self, model: type[Model]) -> compiler.Trigger:  # type: ignore[override]
        guard: Any = OnlyGrowsSql(
            pgid=self.get_pgid(model),  # type: ignore[arg-type]
            func="",
            table=model._meta.db_table,
            when=self.when,
            operation=self.operation,
            level=self.level,
        )
        return compiler.Trigger(name=self.name, sql=guard)
