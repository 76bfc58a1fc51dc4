"""The page of changes: before and after in plain words, for those who may see them, of what they may see."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from accounts.domain import tokens
from accounts.models import User
from config.tests.cast import PASSWORD
from rooms.domain.staffing import work_for
from rooms.models import Property, Room, RoomType

pytestmark = pytest.mark.django_db
PAGE = "/admin/changes/"


@pytest.fixture
def manager(retreat) -> User:
    person = User.objects.create_user("manager@pema.test", PASSWORD, first_name="Mira", is_staff=True)
    person.groups.add(Group.objects.get(name="manager"))
    work_for(person, retreat)
    return person


def page_for(person, **asked):
    client = Client()
    client.force_login(person)
    return client.get(PAGE, asked)


def test_a_changed_field_shows_before_and_after(manager, retreat):
    RoomType.objects.filter(slug="standard").update(name="Garden room")
    answer = page_for(manager, table="rooms.roomtype")
    assert answer.status_code == 200
    words = answer.content.decode()
    assert "<del>Standard</del> <ins>Garden room</ins>" in words
    assert 'value="rooms.room"' in words and 'value="accounts.user"' not in words, "her role does not open the accounts"


def test_history_of_one_object_is_reached_by_its_button(manager, retreat):
    kind = RoomType.objects.get(slug="standard")
    client = Client()
    client.force_login(manager)
    assert (
        f"/admin/rooms/roomtype/{kind.pk}/history/"
        in client.get(f"/admin/rooms/roomtype/{kind.pk}/change/").content.decode()
    )
    answer = client.get(f"/admin/rooms/roomtype/{kind.pk}/history/", follow=True)
    assert answer.status_code == 200 and answer.request["PATH_INFO"] == PAGE


def test_a_role_without_the_permission_is_refused(front_desk):
    assert page_for(front_desk).status_code == 403


def test_another_property_stays_unseen(manager, retreat):
    """Z: staff see what belongs to the properties they work for."""
    other = Property.objects.create(slug="other", name="The other house")
    answer = page_for(manager, table="rooms.property")
    assert answer.status_code == 200 and "The other house" not in answer.content.decode()
    assert page_for(manager, of=f"rooms.property:{other.pk}").status_code == 404


@pytest.mark.parametrize("page", ["²", "٣", "-1", "9" * 90, ""])
def test_a_page_that_is_no_number_is_the_first(manager, retreat, page):
    """I12: a digit of another script is no fault of ours."""
    assert page_for(manager, page=page).status_code == 200


@pytest.mark.parametrize(
    "asked",
    [
        {"of": "nonsense"},
        {"of": "rooms.room:x"},
        {"of": "medical.medicalform:1"},
        {"of": "accounts.user:1"},
    ],
)
def test_what_is_not_there_or_not_hers_is_404(manager, retreat, asked):
    assert page_for(manager, **asked).status_code == 404


def test_odd_questions_find_nothing_and_break_nothing(manager, retreat):
    for asked in (
        {"from": "9999-12-31", "to": "x", "page": "-1", "who": "nobody@nowhere", "request": "'; --"},
        {"to": "9999-12-31"},
        {"page": "99999999999", "table": "x"},
    ):
        assert page_for(manager, **asked).status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_changes(manager, retreat, django_assert_max_num_queries):
    for floor in range(20, 32):
        Room.objects.update(floor=floor)
    with django_assert_max_num_queries(40):
        page_for(manager)


@pytest.mark.django_db(transaction=True)
def test_who_put_a_guest_into_a_room_is_found_by_the_stay(manager, front_desk, stays):
    """Which room, whose hand, when: at the stay's own page of changes, and by its reference."""
    stay = stays.confirmed(start=0, nights=5)
    client = Client()
    room = Room.objects.filter(room_type=stay.rooms.get().room_type).order_by("number").last()
    given = client.post(
        f"/api/v1/admin/bookings/{stay.reference}/assign-room",
        {"room": room.number},
        content_type="application/json",
        headers={"Authorization": f"Bearer {tokens.issue(front_desk, at=timezone.now()).access}"},
    )
    assert given.status_code == 200, given.json()
    for asked in ({"of": f"bookings.staybooking:{stay.pk}"}, {"stay": stay.reference.lower()}):
        answer = page_for(manager, **asked)
        rows = [row for row in answer.context["changes"] if row["of"].startswith("rooms.assignment:")]
        assert [(row["deed"], row["who"]) for row in rows] == [("added", str(front_desk))]
        assert any(after == str(room) for _field, _before, after in rows[0]["moved"])
    other = stays.confirmed(start=0, nights=5)
    assert not [row for row in page_for(manager, stay=other.reference).context["changes"] if "assignment" in row["of"]]


def test_a_row_without_a_name_of_its_own_is_called_by_its_words(manager, stays):
    stays.held()
    for row in page_for(manager).context["changes"]:
        assert row["name"] and not row["name"].startswith("#")
