"""Roles and permissions given and taken leave events too.

Django makes these two tables by itself, so makemigrations does not see their triggers: they are installed here.
"""

from django.db import migrations
from pgtrigger.compiler import UpsertTriggerSql

TRIGGERS = [
    UpsertTriggerSql(
        pgid="pgtrigger_insert_insert_b3973",
        func='INSERT INTO "accounts_user_groupsevent" ("group_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") VALUES (NEW."group_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."user_id"); RETURN NULL;',
        table="accounts_user_groups",
        when="AFTER",
        operation="INSERT",
    ),
    UpsertTriggerSql(
        pgid="pgtrigger_update_update_05290",
        func='INSERT INTO "accounts_user_groupsevent" ("group_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") VALUES (NEW."group_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."user_id"); RETURN NULL;',
        table="accounts_user_groups",
        when="AFTER",
        operation="UPDATE",
        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
    ),
    UpsertTriggerSql(
        pgid="pgtrigger_delete_delete_8312e",
        func='INSERT INTO "accounts_user_groupsevent" ("group_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") VALUES (OLD."group_id", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."user_id"); RETURN NULL;',
        table="accounts_user_groups",
        when="AFTER",
        operation="DELETE",
    ),
    UpsertTriggerSql(
        pgid="pgtrigger_insert_insert_290a9",
        func='INSERT INTO "accounts_user_user_permissionsevent" ("id", "permission_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") VALUES (NEW."id", NEW."permission_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."user_id"); RETURN NULL;',
        table="accounts_user_user_permissions",
        when="AFTER",
        operation="INSERT",
    ),
    UpsertTriggerSql(
        pgid="pgtrigger_update_update_45e70",
        func='INSERT INTO "accounts_user_user_permissionsevent" ("id", "permission_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") VALUES (NEW."id", NEW."permission_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."user_id"); RETURN NULL;',
        table="accounts_user_user_permissions",
        when="AFTER",
        operation="UPDATE",
        condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
    ),
    UpsertTriggerSql(
        pgid="pgtrigger_delete_delete_4bc89",
        func='INSERT INTO "accounts_user_user_permissionsevent" ("id", "permission_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") VALUES (OLD."id", OLD."permission_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."user_id"); RETURN NULL;',
        table="accounts_user_user_permissions",
        when="AFTER",
        operation="DELETE",
    ),
]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_codes_that_open_a_stay")]
    operations = [
        migrations.RunSQL(str(sql), f"DROP TRIGGER {sql.pgid} ON {sql.table}; DROP FUNCTION {sql.pgid}();") for sql in TRIGGERS
    ]

