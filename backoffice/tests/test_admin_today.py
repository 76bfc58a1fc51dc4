"""The Today board: lists and counts, gates in words, deeds from the row."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import History
from backoffice.board import board
from bookings.domain import front_desk as desk
from bookings.models import StayBooking
from core.actors import SYSTEM
from core.reach import Reach
from payments.models import Folio
from rooms.models import Assignment, Room

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = "/admin/today/"


def paid_up(stays, **more):
    """A confirmed stay that owes nothing."""
    stay = stays.confirmed(start=0, **more)
    if stay.folio.instalments.filter(milestone="balance").exists():
        stays.pay(stay, "balance")
    return stay


def arrive(stays, **more):
    stay = paid_up(stays, **more)
    desk.check_in(stay, by=SYSTEM, at=stays.at)
    stay.refresh_from_db()
    return stay


def deed(client, stay, name, **data):
    return client.post(f"/admin/today/{stay.reference}/{name}/", data, follow=True)


def test_the_lists_of_the_day(stays, today):
    coming, inside = paid_up(stays), arrive(stays)
    missed = stays.confirmed(start=0)
    StayBooking.objects.filter(pk=missed.pk).update(check_in=today - timedelta(1))
    seen = board(today, today=today, reach=Reach(True))
    names = {
        name: [row.booking.pk for row in getattr(seen, name)]
        for name in ("arrivals", "departures", "in_house", "stay_overs", "unassigned", "no_shows")
    }
    assert names == {
        "arrivals": [coming.pk, inside.pk],
        "departures": [],
        "in_house": [inside.pk],
        "stay_overs": [],
        "unassigned": [coming.pk],
        "no_shows": [missed.pk],
    }
    tomorrow = board(today + timedelta(1), today=today, reach=Reach(True))
    assert [row.booking.pk for row in tomorrow.stay_overs] == [coming.pk, inside.pk], "missed is not expected"
    leaving = board(inside.check_out, today=today, reach=Reach(True))
    assert inside.pk in [row.booking.pk for row in leaving.departures]


def test_counts_on_the_page_equal_the_lists(stays, desk_of, front_desk, today):
    paid_up(stays), arrive(stays)
    page = desk_of(front_desk).get(TODAY)
    seen = page.context["board"]
    for name, rows in (
        ("arrivals", seen.arrivals),
        ("departures", seen.departures),
        ("in-house", seen.in_house),
        ("stay-overs", seen.stay_overs),
        ("unassigned", seen.unassigned),
        ("no-shows", seen.no_shows),
    ):
        assert f'data-count="{name}">{len(rows)}<' in page.content.decode()


def test_gates_of_the_board_are_those_of_the_verb(stays, today):
    """One rule, two readers."""
    dirty = stays.confirmed(start=0)
    desk.assign_room(dirty.rooms.get(), None, by=SYSTEM, at=stays.at)
    Room.objects.filter(assignments__holder=str(dirty.rooms.get().key)).update(condition="dirty")
    paid_up(stays)
    for row in board(today, today=today, reach=Reach(True)).arrivals:
        assert row.gates == desk.gates(row.booking)


def test_yesterday_tomorrow_and_nonsense(stays, desk_of, front_desk, today):
    client = desk_of(front_desk)
    assert client.get(TODAY, {"date": (today + timedelta(1)).isoformat()}).context["day"] == today + timedelta(1)
    for nonsense in ("2026-02-31", "soon", "0001-01-01", "9999-12-31", "2026-13-01", "\u0660"):
        assert client.get(TODAY, {"date": nonsense}).context["day"] == today


def test_queries_do_not_grow_with_the_house(stays, desk_of, front_desk):
    """D8: as many queries for three stays as for one."""
    client = desk_of(front_desk)
    arrive(stays), paid_up(stays)
    with CaptureQueriesContext(connection) as few:
        client.get(TODAY)
    paid_up(stays), paid_up(stays, room="pema-suite", nights=5)
    with CaptureQueriesContext(connection) as more:
        client.get(TODAY)
    assert len(few) == len(more) <= 22, [q["sql"][:90] for q in more]


def test_check_in_from_the_row(stays, desk_of, front_desk):
    stay = paid_up(stays)
    page = deed(desk_of(front_desk), stay, "check-in")
    stay.refresh_from_db()
    assert stay.state == "checked_in" and "is checked in" in page.content.decode()
    row = History.objects.get(subject=stay.subject, event="checked_in")
    assert row.actor_id == front_desk.pk


def test_a_shut_gate_is_told_in_words_and_nothing_changes(stays, desk_of, front_desk):
    stay = stays.confirmed(start=0)
    page = deed(desk_of(front_desk), stay, "check-in")
    stay.refresh_from_db()
    assert stay.state == "confirmed"
    assert page.redirect_chain[-1][0].startswith(f"/admin/bookings/staybooking/{stay.pk}/check-in/")
    words = page.content.decode()
    assert "is still due" in words and 'name="reason"' not in words
    assert not Assignment.objects.exists(), "rooms assigned on the way are given back"


def test_the_manager_passes_a_shut_gate_with_a_reason(stays, desk_of, front_desk, manager):
    stay = stays.confirmed(start=0)
    url = f"/admin/bookings/staybooking/{stay.pk}/check-in/"
    client = desk_of(manager)
    assert 'name="reason"' in client.get(url).content.decode()
    assert client.post(url, {"reason": "  "}).status_code == 400
    stay.refresh_from_db()
    assert stay.state == "confirmed"
    refused = desk_of(front_desk).post(url, {"reason": "please"})
    stay.refresh_from_db()
    assert (refused.status_code, stay.state) == (409, "confirmed"), "the front desk has no override"
    assert client.post(url, {"reason": "Pays tonight"}).status_code == 302
    stay.refresh_from_db()
    assert stay.state == "checked_in"
    assert History.objects.get(subject=stay.subject, event="checked_in").reason == "Pays tonight"


def test_check_out_and_what_is_owed(stays, desk_of, front_desk, manager):
    stay = stays.confirmed(start=0)
    desk.check_in(stay, by=SYSTEM, at=stays.at, override=True, reason="later")
    client = desk_of(front_desk)
    assert "is still due" in deed(client, stay, "check-out").content.decode()
    stay.refresh_from_db()
    assert stay.state == "checked_in"
    stays.pay(stay, "balance")
    deed(client, stay, "check-out")
    stay.refresh_from_db()
    assert stay.state == "completed"


def test_assign_a_room_from_the_row(stays, desk_of, front_desk, standard, suite):
    stay = paid_up(stays)
    booked, client = stay.rooms.get(), desk_of(front_desk)
    wrong = suite.rooms.first()
    assert "is not a Standard" in deed(client, stay, "assign-room", booked=booked.pk, room=wrong.pk).content.decode()
    assert not Assignment.objects.exists()
    room = standard.rooms.last()
    deed(client, stay, "assign-room", booked=booked.pk, room=room.pk)
    assert Assignment.objects.get(active=True).room == room
    other = paid_up(stays)
    taken = deed(client, other, "assign-room", booked=other.rooms.get().pk, room=room.pk)
    assert "is taken on these nights" in taken.content.decode()
    assert Assignment.objects.filter(active=True).count() == 1
    for typed in ("x", "9" * 30, "-1"):
        assert deed(client, other, "assign-room", booked=other.rooms.get().pk, room=typed).status_code == 200
    assert deed(client, other, "assign-room", booked=booked.pk, room="").status_code == 404, "not a room of this stay"


def test_no_show(stays, desk_of, front_desk, today):
    stay = paid_up(stays)
    client = desk_of(front_desk)
    assert "may still arrive" in deed(client, stay, "no-show").content.decode()
    stay.refresh_from_db()
    assert stay.state == "confirmed"


@pytest.mark.parametrize("name", ["check-in", "check-out", "no-show", "assign-room"])
def test_who_may_not(stays, desk_of, doctor, finance, editor, guest, name):
    stay = paid_up(stays)
    for person in (doctor, finance, editor):
        assert deed(desk_of(person), stay, name).status_code == 403
        assert desk_of(person).get(TODAY).status_code == 403
    answer = desk_of(guest).post(f"/admin/today/{stay.reference}/{name}/")
    assert (answer.status_code, "/admin/login/" in answer["Location"]) == (302, True)
    stay.refresh_from_db()
    assert stay.state == "confirmed" and not Assignment.objects.exists()


def test_strange_deeds_and_methods(stays, desk_of, front_desk):
    stay, client = paid_up(stays), desk_of(front_desk)
    assert client.get(f"/admin/today/{stay.reference}/check-in/").status_code == 405
    assert deed(client, stay, "cancel").status_code == 404
    assert client.post("/admin/today/PW-0000000000/check-in/").status_code == 404
    out = client.post(f"/admin/today/{stay.reference}/check-out/", {"next": "https://evil.example/"})
    assert out["Location"] == TODAY, "never off to another site"
    assert Folio.objects.count() == 1
