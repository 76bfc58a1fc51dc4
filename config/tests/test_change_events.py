"""Every business table leaves events, whatever writes to it, and no event is ever changed (docs/adr/0009)."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import JSONField, TextField

from audit.events import event_models, tracked_models
from config.untracked import UNTRACKED, UNTRACKED_APPS
from core.tracked import EventRow

pytestmark = pytest.mark.django_db
OURS = {app for layer in settings.LAYERS for app in layer}
FORBIDDEN = ("password", "digest", "token", "secret", "sealed", "answers", "payload", "context", "placing_key", "body")
TRACKED = sorted(tracked_models().items(), key=lambda pair: pair[0]._meta.label)
EVENTS = [event for _model, event in TRACKED]


def ours():
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in OURS and not issubclass(model, EventRow) and not model._meta.proxy
    ]


def test_every_model_is_tracked_or_says_why_not():
    tracked = tracked_models()
    silent = [model._meta.label for model in ours() if model not in tracked and model._meta.label not in UNTRACKED]
    assert not silent, f"@tracked, or a reason in config/untracked.py: {silent}"
    assert not [model._meta.label for model in tracked if model._meta.label in UNTRACKED]
    assert not {label for label in UNTRACKED if label not in {model._meta.label for model in ours()}}
    assert all(UNTRACKED.values()) and all(UNTRACKED_APPS.values())


def test_no_event_table_has_room_for_a_secret():
    """V12: what is sealed, hashed or a key has no column in any event table."""
    from medical.sealed import SealedField

    found = [
        f"{event._meta.label}.{field.name}"
        for event in event_models()
        for field in event._meta.concrete_fields
        if not field.name.startswith("pgh_")
        and (isinstance(field, SealedField) or any(word in field.name for word in FORBIDDEN))
    ]
    assert found == ["payments.RefundEvent.token_spent"], "the flag alone; the token is not kept"


def _columns(model):
    """The columns of a table and how a raw INSERT can fill them with something harmless."""
    for field in model._meta.concrete_fields:
        if not field.primary_key:
            yield field


def _insert_raw(model):
    """A row by raw SQL, past every verb, constraint of relations and signal."""
    names, values = [], []
    for field in _columns(model):
        names.append(f'"{field.column}"')
        values.append(_filling(field))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(
            f'INSERT INTO "{model._meta.db_table}" ({", ".join(names)}) VALUES ({", ".join(values)}) RETURNING id'
        )
        return cursor.fetchone()[0]


def _filling(field):
    kind = field.db_type(connection)
    if field.null and field.name not in ("program",):
        return "NULL"
    if field.is_relation:
        return "1"
    if isinstance(field, JSONField):
        return "'{}'"
    if kind.startswith(("varchar", "text", "citext")) or isinstance(field, TextField):
        return "'1'"
    if kind.startswith(("timestamp",)):
        return "now()"
    return {"date": "'2030-01-01'", "time": "'12:00'", "boolean": "false", "uuid": "gen_random_uuid()"}.get(kind, "1")


@pytest.mark.parametrize(("model", "event"), TRACKED, ids=[model._meta.label for model, _event in TRACKED])
def test_raw_sql_leaves_an_event_that_cannot_be_touched(model, event):
    """L10, V9: raw INSERT and DELETE leave events; UPDATE, DELETE, TRUNCATE of the events are refused."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            for name in _checks(cursor, model._meta.db_table):
                cursor.execute(f'ALTER TABLE "{model._meta.db_table}" DROP CONSTRAINT "{name}"')
        pk = _insert_raw(model)
        inserted = event.objects.get(pgh_obj_id=pk)
        assert inserted.pgh_label == "insert"
        with connection.cursor() as cursor:
            if "append_only" not in _triggers(cursor, model._meta.db_table):
                cursor.execute(f'DELETE FROM "{model._meta.db_table}" WHERE id = %s', [pk])
                assert list(
                    event.objects.filter(pgh_obj_id=pk).order_by("pgh_id").values_list("pgh_label", flat=True)
                ) == [
                    "insert",
                    "delete",
                ]
        before = event.objects.count()
        for statement in (
            f"UPDATE {event._meta.db_table} SET pgh_label = 'x'",
            f"DELETE FROM {event._meta.db_table}",
            f"DELETE FROM {event._meta.db_table} WHERE false",
        ):
            _refused(statement)
        assert event.objects.count() == before
        transaction.set_rollback(True)


def _checks(cursor, table):
    cursor.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c', 'f', 'x')", [table]
    )
    return [name for (name,) in cursor.fetchall()]


def _triggers(cursor, table):
    cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass", [table])
    return " ".join(name for (name,) in cursor.fetchall())


def _refused(statement):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_emptying_a_table_that_grows_is_refused_outside_a_test_database():
    """L10: TRUNCATE. Only the name of the database opens it (here: another one is made up), no setting of a session."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION public.current_database() RETURNS name LANGUAGE sql AS $$ SELECT name 'pema' $$"
        )
        cursor.execute("SET LOCAL search_path = public, pg_catalog")
        cursor.execute("SET LOCAL pema.test_database = 'on'")
    for event in EVENTS:
        _refused(f"TRUNCATE {event._meta.db_table}")
    for table in ("audit_history", "audit_accesslog", "payments_folioline"):
        _refused(f"TRUNCATE {table} CASCADE")


def test_every_event_table_carries_both_guards():
    with connection.cursor() as cursor:
        for event in EVENTS:
            triggers = _triggers(cursor, event._meta.db_table)
            assert "only_grows" in triggers and "never_shrinks" in triggers, event._meta.label


def test_bulk_updates_and_raw_sql_leave_one_event_for_each_row(retreat):
    """L10: `queryset.update` and raw UPDATE are caught; a stock counter alone is not news, a closed night is."""
    from rooms.models import InventoryNight, Room

    events = tracked_models()[Room].objects.filter(pgh_label="update")
    rooms = Room.objects.count()
    Room.objects.update(floor=7)
    assert events.count() == rooms > 1
    Room.objects.update(floor=7)
    assert events.count() == rooms, "nothing changed, nothing to tell"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE rooms_room SET floor = 8")
    assert events.count() == 2 * rooms

    night = InventoryNight.objects.filter(capacity__gt=0).first()
    told = tracked_models()[InventoryNight].objects.filter(pgh_obj=night, pgh_label="update")
    InventoryNight.objects.filter(pk=night.pk).update(sold=1)
    assert not told.exists()
    InventoryNight.objects.filter(pk=night.pk).update(closed=True)
    assert told.get().sold == 1


def test_a_new_password_is_told_without_the_password(guest):
    from accounts.models import User

    events = tracked_models()[User].objects.filter(pgh_obj=guest, pgh_label="update")
    before = events.count()
    User.objects.filter(pk=guest.pk).update(password="!changed-by-hand")
    assert events.count() == before + 1
    assert "changed-by-hand" not in str(events.order_by("-pgh_id").values()[0])
