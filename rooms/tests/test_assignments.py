"""Two stays never share a room, whoever writes."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from core.actors import SYSTEM
from core.errors import Conflict
from core.nights import Nights
from rooms.domain import assignments, blocks
from rooms.models import Assignment, Block, InventoryNight, Room
from rooms.tests.factories import stocked

D = date(2027, 5, 1)
pytestmark = pytest.mark.django_db


def nights(start: int, length: int) -> Nights:
    return Nights(D + timedelta(start), D + timedelta(start + length))


def test_overlap_is_refused_and_neighbours_are_not():
    """V1."""
    room = stocked(1, first=D).rooms.get()
    assignments.assign("a", room, nights(0, 3))
    assignments.assign("b", room, nights(3, 3))
    with pytest.raises(Conflict) as refusal:
        assignments.assign("c", room, nights(2, 2))
    assert refusal.value.code == "room_taken" and Assignment.objects.count() == 2


def test_raw_rows_cannot_overlap_or_be_empty():
    """B5: the exclusion constraint and the checks stand in the database."""
    room = stocked(1, first=D).rooms.get()
    row = {"room": room, "check_in": D, "check_out": D + timedelta(3)}
    Assignment.objects.create(holder="a", **row)
    for bad in (
        {**row, "holder": "b"},
        {**row, "holder": "b", "check_in": D + timedelta(5), "check_out": D + timedelta(5)},
        {**row, "holder": "b", "check_in": None},
        {**row, "holder": "b", "room": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Assignment.objects.create(**bad)


def test_a_new_room_replaces_the_old_one_or_nothing_changes():
    """B8: the loser keeps what she had."""
    one, two = stocked(2, first=D).rooms.all()
    assignments.assign("a", one, nights(0, 3))
    assignments.assign("b", two, nights(0, 3))
    with pytest.raises(Conflict):
        assignments.assign("a", two, nights(0, 3))
    assert assignments.current("a").room == one
    assignments.release(["b"])
    assignments.assign("a", two, nights(0, 3))
    assert assignments.current("a").room == two


def test_the_best_free_room_is_a_clean_one():
    kind = stocked(3, first=D)
    dirty, taken, clean = kind.rooms.all()
    Room.objects.filter(pk=dirty.pk).update(condition="dirty")
    assignments.assign("x", taken, nights(0, 3))
    assert assignments.assign_any("a", kind, nights(0, 3)).room == clean
    assert assignments.assign_any("b", kind, nights(0, 3)).room == dirty
    with pytest.raises(Conflict) as refusal:
        assignments.assign_any("c", kind, nights(0, 3))
    assert refusal.value.code == "no_room_free"


def test_a_block_names_who_is_in_the_way_and_changes_nothing():
    """B10."""
    kind = stocked(1, first=D)
    room = kind.rooms.get()
    assignments.assign("a", room, nights(2, 2), label="PW-1 Asha")
    with pytest.raises(Conflict) as refusal:
        blocks.block(room, nights(0, 5), reason="Paint", by=SYSTEM, at=None)
    assert "PW-1 Asha" in refusal.value.message and not Block.objects.exists()
    assignments.release(["a"])
    InventoryNight.objects.filter(night=D + timedelta(1)).update(sold=1)
    with pytest.raises(Conflict) as refusal:
        blocks.block(room, nights(0, 5), reason="Paint", by=SYSTEM, at=None)
    assert refusal.value.code == "sold_out_nights" and not InventoryNight.objects.filter(blocked=1).exists()
