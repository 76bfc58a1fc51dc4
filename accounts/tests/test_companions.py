"""Companions: one's own, written once, never anything about health; and the page for them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.domain import companions
from accounts.models import Companion
from config.tests.api_cast import codes

pytestmark = pytest.mark.django_db
RAVI = {"name": "Ravi Rao", "relation": "partner", "birth_date": "1980-02-01", "diet": "jain"}
FIELDS = {"id", "name", "birth_date", "relation", "diet"}


def test_write_read_change_forget(api, guest):
    mine = api(guest)
    made = mine.post("companions", RAVI)
    assert made.status_code == 201 and set(made.json()) == FIELDS
    path = f"companions/{made.json()['id']}"
    assert mine.get(path).json() == made.json()
    assert mine.get("companions").json()["results"] == [made.json()]
    assert mine.patch(path, {"name": " Ravi  K.  Rao "}).json()["name"] == "Ravi K. Rao"
    assert mine.delete(path).status_code == 204 and not Companion.objects.exists()
    assert mine.delete(path).status_code == 404


def test_somebody_elses_are_not_there(api, guest, other_guest):
    """Z1: own only, in path and in lists; nothing changes."""
    theirs = companions.add(
        other_guest, at=guest.date_joined, today=guest.date_joined.date(), name="Om", relation="child"
    )
    mine, path = api(guest), f"companions/{theirs.public_id}"
    answers = [mine.get(path), mine.patch(path, {"name": "X"}), mine.delete(path), mine.get(f"companions/{uuid4()}")]
    assert {answer.status_code for answer in answers} == {404}
    assert {codes(answer)[0] for answer in answers} == {"unknown_companion"}
    assert mine.get("companions").json()["count"] == 0
    assert api().get("companions").status_code == 401
    theirs.refresh_from_db()
    assert theirs.name == "Om"


@pytest.mark.parametrize(
    "change",
    [{"name": " "}, {"name": "x" * 121}, {"relation": "enemy"}, {"birth_date": "soon"}, {"diet": "diabetic"}],
)
def test_what_cannot_be_written_is_refused(api, guest, change):
    assert api(guest).post("companions", {**RAVI, **change}).status_code == 400
    assert not Companion.objects.exists()


def test_nobody_is_born_tomorrow_or_in_1850(api, guest, today):
    mine = api(guest)
    assert mine.post("companions", {**RAVI, "birth_date": today.isoformat()}).status_code == 201
    for day, code in [((today + timedelta(1)).isoformat(), "birth_date_ahead"), ("1850-01-01", "birth_date_too_old")]:
        assert codes(mine.post("companions", {**RAVI, "birth_date": day})) == [code]
    assert Companion.objects.count() == 1


def test_twenty_are_the_most(api, guest):
    Companion.objects.bulk_create(Companion(user=guest, name=f"No {n}", relation="friend") for n in range(20))
    answer = api(guest).post("companions", RAVI)
    assert (answer.status_code, codes(answer)) == (409, ["too_many_companions"])
    assert Companion.objects.count() == 20


def test_the_page(client, guest, other_guest, today):
    """Works by plain forms; a stranger's companion is 404 and stays."""
    client.force_login(guest)
    page = reverse("accounts:companions")
    assert client.post(page, RAVI).status_code == 303
    made = Companion.objects.get()
    assert "Ravi Rao" in client.get(page).content.decode()
    late = client.post(page, {**RAVI, "birth_date": (today + timedelta(1)).isoformat()})
    assert late.status_code == 400 and "cannot lie in the future" in late.content.decode()
    one = reverse("accounts:companion", args=[made.public_id])
    assert client.post(one, {**RAVI, "name": "Ravi K."}).status_code == 303
    client.force_login(other_guest)
    remove = reverse("accounts:remove-companion", args=[made.public_id])
    assert client.get(one).status_code == 404 and client.post(remove).status_code == 404
    made.refresh_from_db()
    assert made.name == "Ravi K."
    client.force_login(guest)
    assert f'href="{remove}"' in client.get(page).content.decode()  # a link that asks, no button that does
    asks = client.get(remove)
    assert asks.status_code == 200 and "Remove Ravi K. from your list?" in asks.content.decode()
    assert Companion.objects.count() == 1
    assert client.post(remove).status_code == 303 and not Companion.objects.exists()
