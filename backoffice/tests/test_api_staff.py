"""The staff calls: by permission, through the same verbs, with reasons when a gate is shut."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.models import User
from audit.models import History
from bookings.domain import front_desk as desk_verbs
from bookings.models import StayBooking
from config.tests.api_cast import codes
from programs.models import Program
from rooms.models import Assignment, InventoryNight, Room

pytestmark = pytest.mark.django_db(transaction=True)
ROW = {
    "reference", "status", "clearance", "contact_name", "contact_email", "contact_phone", "program", "rooms",
    "check_in_date", "check_out_date", "total", "currency", "source", "created_at",
}  # fmt: skip
PROGRAM = {"slug": "rest", "name": "Rest", "type": "lite", "needs_medical_review": False, "max_nights": 10}


@pytest.fixture
def manager(db):
    user = User.objects.create_user("manager@pema.example", "a-long-enough-password", first_name="M", is_staff=True)
    user.groups.add(Group.objects.get(name="manager"))
    return user


@pytest.fixture
def arriving(stays, today):
    """A confirmed stay that begins today and is paid in full."""
    stay = stays.confirmed(start=0, nights=5)
    stays.pay(stay, "balance")
    return stay


def test_the_list_by_role(api, guest, doctor, front_desk, finance, stays):
    """Z7: guests and doctors are refused; rows hold no medical word."""
    stays.in_review()
    assert api().get("admin/bookings").status_code == 401
    for person in (guest, doctor):
        assert api(person).get("admin/bookings").status_code == 403
        assert api(person).get("admin/dashboard").status_code == 403
    given = api(finance).get("admin/bookings").json()
    assert given["count"] == 1
    assert set(given["results"][0]) == ROW
    assert api(front_desk).get("admin/bookings").json()["results"][0]["clearance"] == "pending"


def test_the_list_is_searched_and_narrowed(api, front_desk, stays, today):
    one = stays.held(email="asha@example.com", start=30)
    stays.held(email="other@example.com", start=60)
    desk = api(front_desk)

    def found(**query):
        return {row["reference"] for row in desk.get("admin/bookings", query).json()["results"]}

    assert found(search=one.reference) == {one.reference}
    assert found(search="asha@example.com") == {one.reference}
    assert len(found(search="rao")) == 2
    assert found(to=today + timedelta(40)) == {one.reference}
    assert found(**{"from": today + timedelta(31)}) != {one.reference}
    assert found(status="confirmed") == set()
    assert len(found(search="%' OR 1=1")) == 0
    for query in ({"status": "nonsense"}, {"from": "soon"}, {"to": "2027-02-30"}):
        assert desk.get("admin/bookings", query).status_code == 400


def test_the_list_costs_the_same_for_one_and_for_three(api, front_desk, stays, django_assert_num_queries):
    """D8"""
    stays.held(start=30)
    desk = api(front_desk)
    with django_assert_num_queries(8):
        assert desk.get("admin/bookings").json()["count"] == 1
    stays.held(start=60)
    stays.held(start=90)
    with django_assert_num_queries(8):
        assert desk.get("admin/bookings").json()["count"] == 3


def test_the_dashboard(api, front_desk, arriving, stays):
    stays.held(start=30)
    given = api(front_desk).get("admin/dashboard").json()
    assert (given["arrivals"], given["departures"], given["in_house"], given["held"]) == (1, 0, 0, 1)
    assert (given["rooms_total"], given["rooms_sold_tonight"], given["occupancy_percent"]) == (4, 1, 25)
    assert given["by_status"] == {"confirmed": 1, "held": 1}
    assert given["received_today"] == "235000.00"


def test_arrival_and_departure(api, front_desk, arriving):
    desk, path = api(front_desk), f"admin/bookings/{arriving.reference}"
    assigned = desk.post(f"{path}/assign-room", {"room": "s1"})
    assert (assigned.status_code, assigned.json()["room"]) == (200, "s1")
    done = desk.post(f"{path}/check-in")
    assert (done.status_code, done.json()["status"]) == (200, "checked_in")
    again = desk.post(f"{path}/check-in")
    assert (again.status_code, codes(again)) == (409, ["wrong_state"])
    out = desk.post(f"{path}/check-out")
    assert (out.status_code, out.json()["status"]) == (200, "completed")
    row = History.objects.get(subject=arriving.subject, event="checked_in")
    assert row.actor == front_desk


def test_shut_gates_say_why(api, front_desk, manager, stays, standard):
    stay = stays.confirmed(start=0, nights=5)
    Room.objects.update(condition="dirty")
    path = f"admin/bookings/{stay.reference}/check-in"
    shut = api(front_desk).post(path)
    assert (shut.status_code, codes(shut)) == (409, ["gates_shut"])
    assert {gate["code"] for gate in shut.json()["gates"]} == {"balance", "room"}
    assert not Assignment.objects.filter(active=True).exists()
    assert api(front_desk).post(path, {"override": True, "reason": "Late bank"}).status_code == 403
    assert codes(api(manager).post(path, {"override": True})) == ["reason_needed"]
    stay.refresh_from_db()
    assert stay.state == "confirmed"
    passed = api(manager).post(path, {"override": True, "reason": "Late bank"})
    assert passed.json()["status"] == "checked_in"


def test_too_early_and_not_arrived(api, front_desk, stays, today):
    stay = stays.confirmed(start=30)
    path = f"admin/bookings/{stay.reference}"
    assert codes(api(front_desk).post(f"{path}/check-in")) == ["too_early"]
    assert codes(api(front_desk).post(f"{path}/no-show")) == ["too_early"]
    assert codes(api(front_desk).post(f"{path}/check-out")) == ["wrong_state"]
    StayBooking.objects.filter(pk=stay.pk).update(check_in=today - timedelta(2))
    InventoryNight.objects.update(sold=1)
    gone = api(front_desk).post(f"{path}/no-show")
    assert (gone.status_code, gone.json()["status"]) == (200, "no_show")


def test_rooms_that_cannot_be_assigned(api, front_desk, arriving, suite):
    desk, path = api(front_desk), f"admin/bookings/{arriving.reference}/assign-room"
    assert codes(desk.post(path, {"room": "999"})) == ["no_such_room"]
    assert codes(desk.post(path, {"room": "p0"})) == ["wrong_type"]
    assert codes(desk.post(path, {"position": 7})) == ["no_such_position"]
    desk_verbs.assign_room(
        arriving.rooms.get(), Room.objects.get(number="s0"), by=_actor(front_desk), at=timezone.now()
    )
    assert Assignment.objects.filter(active=True).count() == 1


def test_everybody_else_is_refused(api, guest, doctor, finance, arriving):
    """Z7"""
    for person, status in ((guest, 403), (doctor, 403), (finance, 403), (None, 401)):
        caller = api(person) if person else api()
        for deed in ("check-in", "check-out", "no-show", "assign-room"):
            assert caller.post(f"admin/bookings/{arriving.reference}/{deed}").status_code == status
    arriving.refresh_from_db()
    assert arriving.state == "confirmed"


def test_a_stay_that_is_not_there(api, front_desk, retreat):
    for deed in ("check-in", "check-out", "no-show", "assign-room"):
        answer = api(front_desk).post(f"admin/bookings/PW-0000000000/{deed}")
        assert (answer.status_code, codes(answer)) == (404, ["unknown_booking"])


def test_programs(api, manager, front_desk, retreat):
    boss = api(manager)
    assert api(front_desk).post("admin/programs", PROGRAM).status_code == 403
    made = boss.post("admin/programs", PROGRAM)
    assert made.status_code == 201
    assert api().get("programs/rest").json()["name"] == "Rest"
    assert boss.post("admin/programs", PROGRAM).status_code in (400, 409)
    changed = boss.put("admin/programs/rest", {**PROGRAM, "name": "Deep rest", "published": False})
    assert changed.json()["name"] == "Deep rest"
    assert api().get("programs/rest").status_code == 404
    assert boss.put("admin/programs/none", PROGRAM).status_code == 404
    for change in ({"min_nights": 11}, {"type": "none"}, {"max_nights": 10**9}, {"slug": "a b"}, {"name": ""}):
        assert boss.put("admin/programs/rest", {**PROGRAM, **change}).status_code == 400
    assert Program.objects.get(slug="rest").name == "Deep rest"


def test_a_new_room_can_be_sold(api, manager, front_desk, standard, today):
    body = {"room_type": "standard", "number": "s9", "floor": 2, "bed": "twin"}
    assert api(front_desk).post("admin/rooms", body).status_code == 403
    assert api(manager).post("admin/rooms", body).json() == body
    night = InventoryNight.objects.get(room_type=standard, night=today)
    assert night.capacity == 4
    again = api(manager).post("admin/rooms", body)
    assert (again.status_code, codes(again)) == (409, ["room_exists"])
    night.refresh_from_db()
    assert night.capacity == 4


def _actor(user):
    from core.actors import Actor

    return Actor.of(user)
