"""Housekeeping, blocks, restrictions: through the verbs, refused with reasons."""

from datetime import timedelta

import pytest

from audit.models import History
from bookings.domain import front_desk as desk
from core.actors import SYSTEM
from rooms.models import Block, InventoryNight, Room, RoomType

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_condition_is_a_deed(retreat, standard, desk_of, front_desk, reservations, today):
    room = standard.rooms.first()
    client = desk_of(front_desk)
    client.post(f"/admin/rooms/room/{room.pk}/dirty/")
    client.post("/admin/rooms/room/mark/", {"mark": f"{standard.rooms.last().pk}:inspected"})
    assert sorted(standard.rooms.values_list("condition", flat=True)) == ["clean", "dirty", "inspected"]
    assert History.objects.filter(event="condition", actor=front_desk).count() == 2
    assert client.get(f"/admin/rooms/room/{room.pk}/clean/").status_code == 200, "asks first"
    for mark in ("", "x:clean", f"{room.pk}:shiny", f"{room.pk}", "9:clean\x00"):
        assert client.post("/admin/rooms/room/mark/", {"mark": mark}).status_code in (302, 404)
    stranger = desk_of(reservations)
    assert stranger.post("/admin/rooms/room/mark/", {"mark": f"{room.pk}:clean"}).status_code == 403
    assert stranger.post(f"/admin/rooms/room/{room.pk}/clean/").status_code == 403
    assert client.get("/admin/rooms/room/mark/").status_code == 403
    room.refresh_from_db()
    assert room.condition == "dirty"


def test_stock_and_condition_are_not_typed(retreat, standard, desk_of, manager):
    room = standard.rooms.first()
    form = {"floor": "3", "bed": "queen", "condition": "out_of_order", "active": "", "number": "999"}
    desk_of(manager).post(f"/admin/rooms/room/{room.pk}/change/", form)
    room.refresh_from_db()
    assert (room.floor, room.bed, room.condition, room.active, room.number) == (3, "queen", "clean", True, "s0")
    for page in ("rooms/room/add", f"rooms/room/{room.pk}/delete", "rooms/inventorynight/add", "rooms/block/add"):
        assert desk_of(manager).get(f"/admin/{page}/").status_code == 403


def test_block_and_lift(retreat, standard, desk_of, manager, front_desk, today):
    room = standard.rooms.first()
    form = {"room": room.pk, "first_night": today, "last_day": today + timedelta(2), "reason": "New tiles"}
    client = desk_of(manager)
    assert desk_of(front_desk).post("/admin/rooms/block/new/", form).status_code == 403
    assert client.post("/admin/rooms/block/new/", {**form, "last_day": today}).status_code == 400
    assert not Block.objects.exists()
    assert client.post("/admin/rooms/block/new/", form).status_code == 302
    assert InventoryNight.objects.filter(blocked=1).count() == 2
    block = Block.objects.get()
    assert client.post(f"/admin/rooms/block/{block.pk}/lift/").status_code == 302
    assert not InventoryNight.objects.filter(blocked=1).exists()
    assert client.post(f"/admin/rooms/block/{block.pk}/lift/").status_code == 409


def test_a_block_over_a_stay_is_refused_with_its_name(stays, desk_of, manager, today):
    """B10."""
    stay = stays.confirmed(start=0)
    room = desk.assign_room(stay.rooms.get(), None, by=SYSTEM, at=stays.at).room
    form = {"room": room.pk, "first_night": today, "last_day": today + timedelta(1), "reason": "Tiles"}
    answer = desk_of(manager).post("/admin/rooms/block/new/", form)
    assert answer.status_code == 409 and stay.reference in answer.content.decode()
    assert "Tiles" in answer.content.decode(), "what was typed is kept"
    assert not Block.objects.exists() and not InventoryNight.objects.filter(blocked=1).exists()


def test_restrictions(retreat, standard, suite, desk_of, manager, front_desk, today):
    url = "/admin/rooms/inventorynight/restrict/"
    form = {"room_types": [standard.pk], "first_night": today, "last_day": today + timedelta(3), "min_stay": "5"}
    assert desk_of(front_desk).get(url).status_code == 403
    client = desk_of(manager)
    client.post(url, {**form, "closed_to_arrival": "yes"})
    written = InventoryNight.objects.filter(min_stay=5, closed_to_arrival=True, closed=False)
    assert (written.count(), set(written.values_list("room_type", flat=True))) == (3, {standard.pk})
    client.post(url, {**form, "min_stay": "0", "closed": "yes"})
    assert InventoryNight.objects.filter(min_stay=None, closed=True, closed_to_arrival=True).count() == 3
    for wrong in (
        {"room_types": []},
        {"min_stay": "9", "max_stay": "5"},
        {"min_stay": "-1"},
        {"min_stay": "1000"},
        {"last_day": today},
        {"min_stay": ""},
        {"first_night": today + timedelta(2000), "last_day": today + timedelta(2001)},
        {"last_day": today + timedelta(3000)},
        {"room_types": [99999]},
    ):
        assert client.post(url, {**form, **wrong}).status_code == 400, wrong
    assert InventoryNight.objects.filter(closed=True).count() == 3
    assert History.objects.filter(event="restricted").count() == 2


def test_house_rules_and_room_types(retreat, standard, desk_of, manager, reservations):
    client, url = desk_of(manager), f"/admin/rooms/roomtype/{standard.pk}/change/"
    page = client.get(url)
    form = {name: value for name, value in page.context["adminform"].form.initial.items() if value is not None}
    form |= {"name": "Standard Room", "amenities": "Kettle\nBath robe\n\n", "photos": "", "ids_codes": "STT"}
    form |= {"description": "Quiet", "view": "garden", "bed": "queen", "tagline": "Rest", "size_sqm": "30"}
    assert client.post(url, {**form, "photos": "only-one-part"}).status_code == 200, "told on the form"
    assert client.post(url, form).status_code == 302
    standard.refresh_from_db()
    assert (standard.name, standard.amenities, standard.ids_codes) == (
        "Standard Room",
        ["Kettle", "Bath robe"],
        ["STT"],
    )
    row = History.objects.get(subject="roomtype:standard")
    assert row.data["before"]["name"] == "Standard" and row.data["after"]["name"] == "Standard Room"
    assert desk_of(reservations).post(url, form).status_code == 403
    assert RoomType.objects.count() == 2 and Room.objects.count() == 4
