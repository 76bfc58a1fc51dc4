"""Walks the migrations of a scratch database, named by DATABASE_URL, backwards and forwards; fails where one does not.

    DATABASE_URL=postgres://…/scratch python -m config.tests.migration_walk empty|loaded

empty   every app of ours to zero and forwards again: nothing of ours is left in between, and the same comes back
loaded  with the demo's property in it: the last three migrations of each app, one step back and one forth

Run by `test_migrations_walk.py`.
"""

from __future__ import annotations

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
SHAPE = {
    "column": """SELECT table_name || '.' || column_name, concat_ws(' ', data_type, character_maximum_length,
        numeric_precision, is_nullable, column_default, is_identity)
        FROM information_schema.columns WHERE table_schema = 'public'""",
    "index": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "constraint": """SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace""",
    "trigger": """SELECT tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid) FROM pg_trigger
        WHERE NOT tgisinternal""",
    "function": """SELECT p.oid::regprocedure::text, md5(p.prosrc) FROM pg_proc p
        WHERE pronamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')""",
}
STAYS = ("pema_events_only_grow()", "pema_refuse_change()", "pema_refuse_unless_redacted()")  # shared; replaced anew


def shape() -> dict[str, str]:
    """Everything that migrations make, by name."""
    from django.db import connection

    found: dict[str, str] = {}
    with connection.cursor() as cursor:
        for kind, query in SHAPE.items():
            cursor.execute(query)
            found |= {f"{kind} {name}": text or "" for name, text in cursor.fetchall()}
    return found


def ours() -> list[str]:
    """Our apps that have migrations, the highest first."""
    from django.apps import apps
    from django.conf import settings
    from django.db.migrations.loader import MigrationLoader

    known = {app for app, _name in MigrationLoader(None).disk_migrations}
    labels = {config.name: config.label for config in apps.get_app_configs()}
    inside = ["payments.simulator", "notifications.sandbox_crm"]
    named = [*inside, *(app for layer in reversed(settings.LAYERS) for app in layer)]
    return [labels[name] for name in named if labels.get(name) in known]


def steps(app: str) -> list[str]:
    """The names of its migrations in order, "zero" first."""
    from django.db.migrations.loader import MigrationLoader

    return ["zero", *sorted(name for label, name in MigrationLoader(None).disk_migrations if label == app)]


def migrate(*words: str) -> None:
    from django.core.management import call_command

    call_command("migrate", *words, verbosity=0, interactive=False)
    print("migrate", *words, flush=True)


def differences(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def walk_empty() -> None:
    from django.apps import apps

    before = shape()
    for app in ours():
        names = steps(app)
        for name in reversed(names[:-1]):
            migrate(app, name)
    tables = {model._meta.db_table for app in ours() for model in apps.get_app_config(app).get_models()}
    left = [name for name in shape() if name.split()[1].split(".")[0] in tables or name.startswith("function pema")]
    assert {name.removeprefix("function ") for name in left} <= set(STAYS), left
    migrate()
    assert not differences(before, shape()), differences(before, shape())


def walk_loaded() -> None:
    from django.core.management import call_command

    call_command("load_demo", verbosity=0)
    before = shape()
    for app in ours():
        names = steps(app)
        for back, forth in reversed(list(zip(names, names[1:], strict=False))[-3:]):
            if back == "zero":  # the tables themselves: the other walk's business
                continue
            migrate(app, back)
            migrate(app, forth)
        migrate()
        assert not differences(before, shape()), (app, differences(before, shape()))


if __name__ == "__main__":
    import django

    django.setup()
    migrate()
    {"empty": walk_empty, "loaded": walk_loaded}[sys.argv[1]]()
