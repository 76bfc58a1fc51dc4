"""Where one is signed in: the app's devices and browsers in one list."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.domain import sessions, tokens
from accounts.models import User
from config.tests.api_cast import codes
from config.tests.cast import PASSWORD

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
IPHONE = "Pema/1.2 (iPhone; iOS 18.1)"


def pair(api, guest, agent):
    body = {"email": guest.email, "password": PASSWORD}
    return api().post("auth/login", body, **{"User-Agent": agent}).json()


def bearer(api, given):
    return api(Authorization=f"Bearer {given['access']}")


def test_devices_are_seen_and_ended_one_by_one(api, guest, other_guest, post):
    one, two = pair(api, guest, IPHONE), pair(api, guest, CHROME)
    tokens.issue(other_guest, at=timezone.now())
    mine = bearer(api, one)
    two = api().post("auth/refresh", {"refresh": two["refresh"]}).json()
    seen = mine.get("auth/sessions").json()
    assert {(row["device"], row["kind"], row["current"]) for row in seen} == {
        ("Pema, iPhone", "app", True),
        ("Chrome, Windows", "app", False),
    }
    other = next(row for row in seen if not row["current"])
    assert other["started_at"] <= other["seen_at"]
    assert mine.delete(f"auth/sessions/{other['id']}").status_code == 204
    assert bearer(api, two).get("auth/me").status_code == 401
    assert api().post("auth/refresh", {"refresh": two["refresh"]}).status_code == 401
    assert [row["current"] for row in mine.get("auth/sessions").json()] == [True]
    gone = mine.delete(f"auth/sessions/{other['id']}")
    assert (gone.status_code, codes(gone)) == (404, ["no_such_session"])
    assert "session_ended" in post.events


def test_a_browser_is_in_the_list_and_can_be_ended_from_the_app(api, client, guest):
    typed = {"email": guest.email, "password": PASSWORD}
    assert client.post("/sign-in", typed, headers={"User-Agent": CHROME}).status_code == 303
    mine = bearer(api, pair(api, guest, IPHONE))
    browser = next(row for row in mine.get("auth/sessions").json() if row["kind"] == "web")
    assert client.session.session_key not in str(browser)
    assert mine.delete(f"auth/sessions/{browser['id']}").status_code == 204
    assert client.get("/profile").status_code == 302
    assert all(row["kind"] == "app" for row in mine.get("auth/sessions").json())


def test_everywhere_ends_devices_and_browsers(api, client, guest):
    """A3: one call, and nothing of before opens anything."""
    client.force_login(guest)
    one, two = pair(api, guest, IPHONE), pair(api, guest, CHROME)
    assert bearer(api, one).delete("auth/sessions").status_code == 204
    for given in (one, two):
        assert bearer(api, given).get("auth/me").status_code == 401
    assert client.get("/profile").status_code == 302
    guest.refresh_from_db()
    assert sessions.of(guest, at=timezone.now()) == []


def test_somebody_elses_session_is_not_there(api, guest, other_guest):
    """Z1: another person's device is 404, and goes on."""
    theirs = pair(api, other_guest, CHROME)
    row = bearer(api, theirs).get("auth/sessions").json()[0]
    for number in (row["id"], uuid.uuid4()):
        assert api(guest).delete(f"auth/sessions/{number}").status_code == 404
    assert bearer(api, theirs).get("auth/me").status_code == 200


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("", "Unknown device"),
        ("okhttp/4.12", "Android"),
        ("x" * 500, "Unknown device"),
        ("curl/7.88.1", "curl 7.88.1"),
        ("python-requests/2.32", "python-requests 2.32"),
        ("Front desk tablet", "Front desk tablet"),
        ("Mozilla/5.0 (Strange)", "Unknown device"),
        ("<b>me</b>", "Unknown device"),
    ],
)
def test_devices_in_words(agent, words):
    assert sessions.words(agent) == words


@pytest.mark.parametrize("way", ["sessions", "logout", "page"])
def test_signing_out_everywhere_is_written_down(api, client, guest, post, way):
    """L1: the security log keeps it, whatever door it came through."""
    if way == "sessions":
        assert api(guest).delete("auth/sessions").status_code == 204
    elif way == "logout":
        pair = tokens.issue(guest, at=timezone.now())
        body = {"refresh": pair.refresh, "everywhere": True}
        assert api(guest).post("auth/logout", body).status_code == 204
    else:
        client.force_login(guest)
        client.post(reverse("accounts:sign-out-everywhere"))
    assert post.events == ["signed_out_everywhere"]
    assert User.objects.get(pk=guest.pk).session_epoch == guest.session_epoch + 1
