"""The front desk: nobody is checked into a room while the guests before are still in it; tasks end with their cause."""

from datetime import timedelta

import pytest

from audit.models import History
from backoffice.board import board
from bookings.domain import clocks, front_desk
from bookings.states import State
from core.actors import SYSTEM
from core.errors import Conflict
from core.nights import local_date
from core.reach import Reach
from notifications.models import StaffTask
from rooms.models import Assignment, Room

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def late(stays):
    """The last suite: one stay that should have left today, one that arrives today."""
    first = stays.approved(room="pema-suite", start=0, nights=5)
    front_desk.check_in(first, by=SYSTEM, at=stays.at)
    second = stays.approved(room="pema-suite", start=5, nights=5)
    front_desk.assign_room(second.rooms.get(), None, by=SYSTEM, at=stays.at)
    return first, second, stays.at + timedelta(days=5)


@pytest.mark.parametrize("override", [False, True])
def test_a_late_departure_shuts_the_room_gate(late, override):
    first, second, day = late
    history = History.objects.count()
    with pytest.raises(Conflict) as refusal:
        front_desk.check_in(second, by=SYSTEM, at=day, override=override, reason="They are on their way out")
    assert refusal.value.code == ("room_occupied" if override else "gates_shut")
    assert f"still occupied by {first.contact_name}" in refusal.value.message
    second.refresh_from_db()
    assert second.state == State.CONFIRMED and History.objects.count() == history
    front_desk.check_out(first, by=SYSTEM, at=day)
    Room.objects.update(condition=Room.Condition.CLEAN)
    assert front_desk.check_in(second, by=SYSTEM, at=day).state == State.CHECKED_IN


def test_the_board_says_the_same(late):
    first, second, day = late
    today = local_date(day, "Asia/Kolkata")
    row = next(row for row in board(today, today=today, reach=Reach(True)).arrivals if row.booking.pk == second.pk)
    assert not row.ready
    assert [gate.reason for gate in row.gates if gate.code == "room"] == [
        gate.reason for gate in front_desk.gates(second) if gate.code == "room"
    ]
    assert "still occupied" in " ".join(gate.reason for gate in row.gates)


def test_no_one_is_moved_into_an_occupied_room(stays):
    overdue = stays.confirmed(start=0, nights=5)
    stays.pay(overdue, "balance")
    front_desk.check_in(overdue, by=SYSTEM, at=stays.at)
    day = stays.at + timedelta(days=5)
    other = stays.confirmed(start=5, nights=5)
    stays.pay(other, "balance")
    taken = front_desk.assigned_rooms(overdue)[0]
    front_desk.check_in(other, by=SYSTEM, at=day)
    mine = front_desk.assigned_rooms(other)[0]
    assert mine != taken  # a free one is found by itself
    with pytest.raises(Conflict) as refusal:
        front_desk.assign_room(other.rooms.get(), taken, by=SYSTEM, at=day)
    assert refusal.value.code == "room_occupied"
    assert Assignment.objects.get(holder=str(other.rooms.get().key), active=True).room == mine


def test_the_task_of_a_missing_guest_ends_with_the_no_show(stays):
    stay = stays.confirmed(start=0, nights=5)
    day = stays.at + timedelta(days=1)
    clocks.run(at=day)
    task = StaffTask.objects.get(key=f"{stay.reference}:no-show")
    assert task.done_at is None
    front_desk.no_show(stay, by=SYSTEM, at=day)
    task.refresh_from_db()
    assert task.done_at == day
