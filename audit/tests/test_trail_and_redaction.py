"""Who, where and in which request stands in each event; history opens for one lawful thing only (docs/adr/0009)."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit import redaction
from audit.events import events_of
from audit.models import History
from core import request_id, trail
from core.actors import SYSTEM, Actor
from rooms.models import Property, Room

pytestmark = pytest.mark.django_db
ANN = Actor("staff", 7, "Ann O'Neill 100%")


def last(model):
    return events_of(model).objects.order_by("-pgh_id").first()


def test_an_event_carries_actor_door_and_request(retreat):
    """V9: one event for each change, with who, by which door and in which request."""
    with trail.follow(trail.Trail("admin", "request-1234", actor=ANN)):
        Property.objects.filter(pk=retreat.pk).update(name="Another name")
    assert last(Property).pgh_context == {
        "kind": "staff",
        "user": 7,
        "name": "Ann O'Neill 100%",
        "request": "request-1234",
        "door": "admin",
    }


def test_a_trail_ends_with_its_block_and_survives_a_savepoint_that_went_back(retreat):
    room = Room.objects.first()
    with trail.follow(trail.Trail("web", "request-1234", actor=ANN)):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            Room.objects.filter(pk=room.pk).update(floor=5)
            raise ZeroDivisionError
        Room.objects.filter(pk=room.pk).update(floor=6)
    assert last(Room).pgh_context["request"] == "request-1234"
    Room.objects.filter(pk=room.pk).update(floor=7)
    assert not last(Room).pgh_context, "whoever writes outside is not taken for Ann"


def test_the_trail_costs_no_query_and_spares_reads(retreat):
    with trail.follow(trail.Trail("web", "request-1234", actor=ANN)), CaptureQueriesContext(connection) as seen:
        list(Room.objects.all())
        Room.objects.filter(pk=Room.objects.values("pk")[:1]).update(floor=9)
    assert len(seen) == 2
    assert "set_config" not in seen[0]["sql"] and "set_config" in seen[1]["sql"]


def test_percent_signs_and_row_counts_pass_through(retreat):
    with trail.follow(trail.Trail("web", "request-1234", actor=ANN)), connection.cursor() as cursor:
        cursor.execute("UPDATE rooms_room SET bed = '100%'")
        assert cursor.rowcount == Room.objects.count()
        cursor.execute("UPDATE rooms_room SET bed = %s WHERE bed LIKE '100%%'", ["king"])
        assert cursor.rowcount == Room.objects.count()
        cursor.execute("UPDATE rooms_room SET floor = 3 WHERE id = %s RETURNING floor", [Room.objects.first().pk])
        assert cursor.fetchone() == (3,)


def test_the_user_of_a_request_is_found_when_something_is_written(guest):
    """An API call knows its user only after its token was read; before that it is a visitor."""
    from django.contrib.auth.models import AnonymousUser

    request = RequestFactory().post("/api/v1/bookings")
    request.user = AnonymousUser()
    seen = []

    def view(request):
        seen.append(trail._current.get().text())
        request.user = guest
        seen.append(trail._current.get().text())

    request_id.begin("request-1234")
    trail.TrailMiddleware(view)(request)
    assert '"kind": "visitor"' in seen[0] and '"door": "api"' in seen[0]
    assert f'"user": {guest.pk}' in seen[1] and "request-1234" in seen[1]
    assert trail._current.get() is None or trail._current.get().request is not request


def test_a_background_task_leaves_its_id(retreat):
    from config.trails import begin, end

    begin(task_id="task-5678")
    Room.objects.filter(pk=Room.objects.first().pk).update(floor=4)
    end(task_id="task-5678")
    assert last(Room).pgh_context == {
        "kind": "system",
        "user": None,
        "name": SYSTEM.name,
        "request": "task-5678",
        "door": "task",
    }


def test_a_redaction_blanks_details_and_leaves_a_history_row(retreat):
    with trail.follow(trail.Trail("admin", "request-1234", actor=ANN)):
        Property.objects.filter(pk=retreat.pk).update(phone="+911234567890")
    with redaction.opened("user:7", by=SYSTEM, at=timezone.now(), reason="Erasure E-1") as pen:
        assert pen.blank(Property, values={"phone": "", "unknown": 1}, pgh_obj_id=retreat.pk) >= 2
        assert pen.unname(7) >= 1
    assert not events_of(Property).objects.exclude(phone="").exists()
    assert last(Property).pgh_context["name"] == "" and last(Property).pgh_context["user"] == 7
    assert History.objects.get(event="redacted").reason == "Erasure E-1"


def refused(act):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        act()


def test_nothing_else_opens_even_inside_and_all_is_shut_afterwards(retreat):
    """L10: deletion, another label or time, and a redaction that names no history row are refused."""
    events = events_of(Property).objects
    before = list(events.values())
    with redaction.opened("user:7", by=SYSTEM, at=timezone.now(), reason="Erasure E-1"):
        refused(lambda: events.all().delete())
        refused(lambda: events.update(pgh_label="delete"))
        refused(lambda: events.update(pgh_created_at=timezone.now()))
        refused(lambda: History.objects.filter(event="redacted").update(reason="nothing happened"))
        refused(lambda: History.objects.all().delete())
    refused(lambda: events.update(phone=""))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL pema.redaction = '999999999'")
    refused(lambda: events.update(phone=""))
    assert list(events.values()) == before


def name_to_the_database(row):
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pema.redaction', %s, true)", [str(row.pk)])


@pytest.mark.django_db(transaction=True)
def test_the_row_of_an_earlier_redaction_opens_nothing(retreat):
    """L10: naming the row "redacted" of another transaction is refused, and nothing changes."""
    with redaction.opened("user:7", by=SYSTEM, at=timezone.now(), reason="Erasure E-1"):
        pass
    old = History.objects.get(event="redacted")
    History.objects.create(subject="user:7", event="agreed", actor_kind="guest", reason="She agreed")
    before = list(events_of(Property).objects.values())
    with transaction.atomic():
        name_to_the_database(old)
        refused(lambda: events_of(Property).objects.update(phone=""))
        refused(lambda: History.objects.exclude(event="redacted").update(reason=""))
    forged = History(subject="user:7", event="redacted", actor_kind="system", at=timezone.now())
    forged.written_in = old.written_in
    forged.save()
    forged.refresh_from_db()
    assert forged.written_in != old.written_in, "the database says it, not the writer"
    with transaction.atomic():
        name_to_the_database(forged)
        refused(lambda: events_of(Property).objects.update(phone=""))
    assert list(events_of(Property).objects.values()) == before


def test_a_redaction_empties_and_never_writes_other_words(retreat):
    """L10: a name may go, and no other may come; the savepoint of a caller does not shut the pen."""
    with trail.follow(trail.Trail("admin", "request-1234", actor=ANN)):
        Property.objects.filter(pk=retreat.pk).update(phone="+911234567890")
    events = events_of(Property).objects.filter(pgh_obj_id=retreat.pk, phone="+911234567890")
    before = list(events.values())
    assert before
    History.objects.create(subject="user:7", event="agreed", actor_kind="guest", reason="She agreed")
    with redaction.opened("user:7", by=SYSTEM, at=timezone.now(), reason="Erasure E-1"):
        refused(lambda: events.update(phone="+919999999999"))
        refused(lambda: events.update(name="Another house"))
        refused(lambda: events.update(pgh_context={"user": 8, "name": ""}))
        refused(lambda: History.objects.exclude(event="redacted").update(reason="He agreed"))
        assert list(events.values()) == before
        with transaction.atomic():
            assert events.update(phone="") == len(before)
