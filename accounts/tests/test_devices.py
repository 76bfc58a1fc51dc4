"""Push tokens: registered as often as the app likes, always of who is signed in there."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from accounts.domain import devices
from accounts.models import Device

TOKEN = "fcm:APA91b-token-0001"
pytestmark = pytest.mark.django_db


def body(token=TOKEN, **changes):
    return {"token": token, "platform": "android", "name": "Pixel 9", **changes}


def test_registering_twice_is_one_device_and_no_answer_shows_the_token(api, guest):
    mine = api(guest)
    first, again = mine.post("devices", body()), mine.post("devices", body(name=""))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"] and again.json()["name"] == "Pixel 9"
    assert TOKEN not in first.content.decode() and Device.objects.count() == 1


def test_a_token_moves_with_the_person_who_is_signed_in(api, guest, other_guest):
    before = api(guest).post("devices", body()).json()["id"]
    after = api(other_guest).post("devices", body())
    assert after.status_code == 201 and after.json()["id"] != before
    assert Device.objects.get().user == other_guest
    assert devices.token_of(before) == ""
    assert api(guest).delete(f"devices/{before}").status_code == 404


def test_somebody_elses_device_is_not_there(api, guest, other_guest):
    """Z1"""
    path = f"devices/{api(guest).post('devices', body()).json()['id']}"
    assert api(other_guest).delete(path).status_code == 404
    assert api().post("devices", body("another-token")).status_code == 401
    assert Device.objects.count() == 1
    assert api(guest).delete(path).status_code == 204 and not Device.objects.exists()


def test_beyond_ten_the_silent_one_makes_room(guest):
    at = timezone.now()
    for number in range(12):
        devices.register(guest, f"token-{number}", platform="ios", at=at + timedelta(minutes=number))
    kept = set(Device.objects.values_list("token", flat=True))
    assert kept == {f"token-{number}" for number in range(2, 12)}


def test_what_is_no_token_is_refused(api, guest):
    for wrong in ({"token": "x"}, {"token": "with space here"}, {"platform": "fridge"}, {"token": "x" * 4097}):
        assert api(guest).post("devices", {**body(), **wrong}).status_code == 400
    assert not Device.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_accounts_at_the_same_moment_leave_one_owner(guest, other_guest):
    def register(user):
        try:
            return devices.register(user, TOKEN, platform="web", at=timezone.now())[0].public_id
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(register, [guest, other_guest] * 8))
    assert Device.objects.count() == 1
