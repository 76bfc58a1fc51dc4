"""A block and an assignment of one room at the same moment: one of them wins, the other leaves nothing behind."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from audit.models import History
from config.tests.test_races import at_once
from core.actors import SYSTEM
from core.errors import Conflict
from core.nights import Nights
from rooms.domain import assignments, blocks, inventory
from rooms.models import Assignment, Block, InventoryNight
from rooms.tests.factories import stocked

D = date(2027, 5, 1)
STAY = Nights(D, D + timedelta(4))


def out_of_order(room):
    return blocks.block(room, STAY, reason="Paint", by=SYSTEM, at=timezone.now())


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_block_and_an_assignment_see_each_other():
    """B10: at most one of the two stands, however they meet."""
    for _turn in range(8):
        room = stocked(2, first=D).rooms.first()
        outcomes = at_once(
            [lambda room=room: out_of_order(room), lambda room=room: assignments.assign("a", room, STAY)]
        )
        assert outcomes["done"] == 1 and outcomes["room_in_use"] + outcomes["room_blocked"] == 1, outcomes
        assert Assignment.objects.filter(room=room).count() + Block.objects.filter(room=room).count() == 1
        assignments.release(["a"])


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["block", "assign"])
def test_the_second_waits_for_the_first(first):
    """B10: while one is under way and not yet committed, the other neither passes nor is right too early."""
    room = stocked(2, first=D).rooms.first()
    begun, answer = threading.Event(), []

    def block():
        return out_of_order(room)

    def assign():
        return assignments.assign("a", room, STAY)

    one, other = (block, assign) if first == "block" else (assign, block)

    def second():
        begun.wait(10)
        try:
            other()
            answer.append("done")
        except Conflict as refusal:
            answer.append(refusal.code)
        finally:
            connection.close()

    thread = threading.Thread(target=second)
    thread.start()
    with transaction.atomic():
        one()
        begun.set()
        thread.join(0.5)
        assert answer == []
    thread.join(20)
    assert answer == ["room_blocked" if first == "block" else "room_in_use"]
    assert Assignment.objects.exists() is (first == "assign") and Block.objects.exists() is (first == "block")


@pytest.mark.django_db
def test_a_refused_assignment_leaves_nothing():
    """B8: a blocked room takes nobody, and the loser keeps what she had."""
    one, two = stocked(2, first=D).rooms.all()
    assignments.assign("a", one, STAY)
    out_of_order(two)
    with pytest.raises(Conflict) as refusal:
        assignments.assign("a", two, STAY)
    assert refusal.value.code == "room_blocked"
    assert assignments.current("a").room == one and Assignment.objects.count() == 1


@pytest.mark.django_db
def test_a_refused_block_leaves_nothing():
    """B10: no block, no night, no line of history."""
    room = stocked(2, first=D).rooms.first()
    assignments.assign("a", room, STAY)
    before = History.objects.count()
    with pytest.raises(Conflict):
        out_of_order(room)
    assert not Block.objects.exists() and History.objects.count() == before
    assert not InventoryNight.objects.exclude(blocked=0).exists()


@pytest.mark.django_db
def test_a_block_beyond_the_horizon_is_in_the_new_nights_and_can_be_lifted():
    """The horizon reaches the block later; the rooms on sale are right before and after it is lifted."""
    kind = stocked(2, first=D, nights=3)
    kept, painted = kind.rooms.all()
    long = blocks.block(
        painted, Nights(D + timedelta(1), D + timedelta(6)), reason="Paint", by=SYSTEM, at=timezone.now()
    )
    again = blocks.block(kept, Nights(D + timedelta(4), D + timedelta(5)), reason="Tap", by=SYSTEM, at=timezone.now())
    assert inventory.extend_horizon(kind.property, today=D, nights=8) == 5
    assert figures(kind) == [0, 1, 1, 1, 2, 1, 0, 0]
    blocks.lift(again, by=SYSTEM, at=timezone.now())
    blocks.lift(long, by=SYSTEM, at=timezone.now())
    assert figures(kind) == [0] * 8


def figures(kind):
    return list(InventoryNight.objects.filter(room_type=kind).order_by("night").values_list("blocked", flat=True))
