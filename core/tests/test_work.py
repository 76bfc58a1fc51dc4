"""Promise rows: kept once, by one worker, again after a crash, buried after eight failures."""

import threading
from datetime import timedelta

import pytest
from django.db import close_old_connections, connection
from django.utils import timezone

from core import work
from core.work import GiveUp, Later, WorkState
from notifications.models import Message

KIND = "test_promise"


@pytest.fixture
def kept(monkeypatch):
    """A kind of promise over Message rows whose keeping is scripted."""
    calls, script = [], []

    def keep(row):
        calls.append(row.pk)
        action = script.pop(0) if script else None
        if isinstance(action, Exception):
            raise action

    monkeypatch.setitem(work.Registry.kinds, KIND, work.Kind(KIND, Message, keep))
    keep.calls, keep.script = calls, script
    return keep


def promise(key="a", **fields) -> Message:
    return Message.objects.create(key=key, template="x", subject_of="x:1", recipient="a@example.com", **fields)


@pytest.mark.django_db
def test_kept_once(kept):
    row = promise()
    assert work.drain(KIND) == 1 and work.drain(KIND) == 0
    row.refresh_from_db()
    assert (row.work_state, row.attempts, row.lease_until) == (WorkState.DONE, 1, None)


@pytest.mark.django_db
def test_not_before_it_is_due_and_not_while_leased(kept):
    now = timezone.now()
    promise("later", due_at=now + timedelta(minutes=5))
    promise("leased", lease_until=now + timedelta(seconds=30))
    assert work.drain(KIND) == 0 and kept.calls == []


@pytest.mark.django_db
def test_a_dead_workers_row_is_taken_up_within_ninety_seconds(kept):
    """Q1: a lapsed lease is free again; lease and sweep together stay below 90 s."""
    assert work.LEASE + timedelta(seconds=15) <= timedelta(seconds=90)
    row = promise(lease_until=timezone.now() - timedelta(seconds=1), attempts=1)
    assert work.drain(KIND) == 1
    row.refresh_from_db()
    assert row.attempts == 2


@pytest.mark.django_db
def test_later_is_no_failure(kept):
    row = promise()
    kept.script.append(Later(60, "not yet"))
    work.drain(KIND)
    row.refresh_from_db()
    assert row.work_state == WorkState.PENDING and row.failures == 0
    assert row.due_at > timezone.now() + timedelta(seconds=50)


@pytest.mark.django_db
def test_poison_is_buried_after_eight_tries_and_stops_nobody_else(kept):
    """Q9."""
    poison, good = promise("poison"), promise("good")
    for _ in range(work.MAX_ATTEMPTS):
        kept.script[:] = [ValueError("boom")]
        Message.objects.filter(pk=poison.pk).update(due_at=timezone.now() - timedelta(hours=1))
        work.drain(KIND, limit=1)
    poison.refresh_from_db()
    assert poison.work_state == WorkState.DEAD and "boom" in poison.last_error
    kept.script.clear()
    assert work.drain(KIND) == 1
    good.refresh_from_db()
    assert good.work_state == WorkState.DONE
    assert work.revive(poison, at=timezone.now()) and not work.revive(poison, at=timezone.now())


@pytest.mark.django_db
def test_giving_up_is_at_once(kept):
    row = promise()
    kept.script.append(GiveUp("never"))
    work.drain(KIND)
    row.refresh_from_db()
    assert (row.work_state, row.attempts) == (WorkState.DEAD, 1)


@pytest.mark.django_db
def test_a_zombies_late_word_does_not_count(kept):
    """Q7: the attempt number fences."""
    row = promise()
    (claimed,) = work._claim(Message, 1, timezone.now(), work.Q(pk=row.pk))
    Message.objects.filter(pk=row.pk).update(attempts=2)
    assert work._finish(claimed, work_state=WorkState.DONE) is False
    row.refresh_from_db()
    assert row.work_state == WorkState.PENDING


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_eight_workers_keep_each_promise_once(kept):
    for number in range(40):
        promise(f"row-{number}")

    def worker():
        close_old_connections()
        work.drain(KIND)
        connection.close()

    threads = [threading.Thread(target=worker) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(kept.calls) == sorted(Message.objects.values_list("pk", flat=True))
