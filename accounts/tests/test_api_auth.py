"""Register, sign in, refresh, sign out, me: over the API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.domain import limits
from accounts.models import Attempt, User
from config.tests.api_cast import codes
from config.tests.cast import PASSWORD

NEW = {"email": "New@Example.com", "password": "a-long-enough-password", "first_name": "Nila"}
PROFILE = {
    "id", "email", "first_name", "last_name", "phone", "address", "diet", "emergency_contact",
    "communication_preferences", "marketing_consent", "roles", "email_verified", "phone_verified",
}  # fmt: skip


def sign_in(api, email, password=PASSWORD):
    return api().post("auth/login", {"email": email, "password": password})


def test_the_way_in_and_out(api, db):
    made = api().post("auth/register", NEW)
    assert made.status_code == 201
    assert set(made.json()) == {"email", "detail", "challenge"}
    assert made.json()["email"] == "new@example.com"
    answer = sign_in(api, "NEW@example.com")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    given = answer.json()
    assert set(given) == {"access", "refresh", "token_type", "expires_in", "refresh_expires_at", "user"}
    assert (given["expires_in"], given["token_type"]) == (1800, "Bearer")
    me = api(Authorization=f"Bearer {given['access']}")
    assert me.get("auth/me").json()["first_name"] == "Nila"
    fresh = api().post("auth/refresh", {"refresh": given["refresh"]}).json()
    assert fresh["refresh"] != given["refresh"]
    again = api().post("auth/refresh", {"refresh": given["refresh"]})
    assert (again.status_code, codes(again)) == (409, ["token_rotated"])
    newer = api(Authorization=f"Bearer {fresh['access']}")
    assert newer.post("auth/logout", {"refresh": fresh["refresh"]}).status_code == 204
    for caller in (me, newer):
        assert caller.get("auth/me").status_code == 401
    assert api().post("auth/refresh", {"refresh": fresh["refresh"]}).status_code == 401


def test_signing_out_ends_this_device_only(api, guest):
    one, two = sign_in(api, guest.email).json(), sign_in(api, guest.email).json()
    assert api(Authorization=f"Bearer {one['access']}").post("auth/logout").status_code == 204
    assert api(Authorization=f"Bearer {one['access']}").get("auth/me").status_code == 401
    assert api(Authorization=f"Bearer {two['access']}").get("auth/me").status_code == 200
    out = api(Authorization=f"Bearer {two['access']}").post("auth/logout", {"everywhere": True})
    assert out.status_code == 204
    assert api().post("auth/refresh", {"refresh": two["refresh"]}).status_code == 401


def test_registering_twice_tells_nothing_and_changes_nothing(api, guest):
    """A8, A14: the same answer for a known address; the account stays as it was."""
    before = User.objects.values().get(pk=guest.pk)
    known = api().post("auth/register", {**NEW, "email": guest.email.upper()})
    fresh = api().post("auth/register", NEW)
    assert known.status_code == fresh.status_code == 201
    assert set(known.json()) == set(fresh.json())
    assert known.json()["detail"] == fresh.json()["detail"]
    assert User.objects.values().get(pk=guest.pk) == before
    assert sign_in(api, guest.email).status_code == 200


def test_an_unknown_address_and_a_wrong_password_look_alike(api, guest, other_guest):
    """A8: same status, same body; a closed account too."""
    User.objects.filter(pk=other_guest.pk).update(is_active=False)
    answers = [
        sign_in(api, guest.email, "wrong"),
        sign_in(api, "nobody@example.com", "wrong"),
        sign_in(api, other_guest.email),
        sign_in(api, "not an address", "wrong"),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert codes(answers[0]) == ["bad_credentials"]


def test_an_unknown_address_costs_as_much_work_as_a_known_one(api, guest, monkeypatch):
    """A8: each sign-in hashes exactly once."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    work = []
    original = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *a, **k: work.append(1) or original(*a, **k))
    counts = []
    for email in (guest.email, "nobody@example.com"):
        work.clear()
        sign_in(api, email, "wrong")
        counts.append(len(work))
    assert counts == [1, 1]


def test_ten_failures_lock_softly_for_an_hour(api, guest):
    """A9: the eleventh try within the hour is not even judged; then it is over by itself."""
    for _ in range(10):
        assert sign_in(api, guest.email, "wrong").status_code == 401
    locked = sign_in(api, guest.email)
    assert (locked.status_code, codes(locked)) == (429, ["too_many_tries"])
    assert 0 < int(locked["Retry-After"]) <= 3600
    unknown = [sign_in(api, "nobody@example.com", "wrong") for _ in range(11)][-1]
    assert unknown.status_code == 429, "an unknown address is locked in the same way"
    Attempt.objects.update(window_start=timezone.now() - timedelta(hours=1))
    assert sign_in(api, guest.email).status_code == 200
    assert not Attempt.objects.filter(subject=limits.subject(limits.SIGN_IN_ACCOUNT, guest.email)).exists()


def test_one_address_cannot_try_many_accounts(api, db, monkeypatch):
    """A9: password stuffing from one address stops, whatever headers it invents."""
    monkeypatch.setattr(limits, "SIGN_IN_ADDRESS", limits.Limit("sign-in-from", 5, timedelta(hours=1)))
    for number in range(5):
        headers = {"X-Forwarded-For": f"10.0.0.{number}"}
        answer = api().post("auth/login", {"email": f"a{number}@example.com", "password": "x"}, **headers)
        assert answer.status_code == 401
    answer = api().post("auth/login", {"email": "z@example.com", "password": "x"}, **{"X-Forwarded-For": "10.9.9.9"})
    assert answer.status_code == 429


@pytest.mark.parametrize(
    "change",
    [
        {"password": "short"},
        {"password": "password123"},
        {"password": "12345678901"},
        {"email": "no-address"},
        {"email": "a@b"},
        {"email": ["a@example.com"]},
        {"first_name": ""},
        {"first_name": "x" * 81},
        {"phone": "call me"},
        {"password": None},
        {"password": "x" * 1000},
        {"first_name": "a\x00b"},
        {"first_name": {"$ne": 1}},
    ],
)
def test_registrations_that_cannot_work(api, db, change):
    answer = api().post("auth/register", {**NEW, **change})
    assert answer.status_code == 400
    assert not User.objects.exists()


def test_me_is_an_allow_list(api, guest):
    """Z13: exactly these fields, and only some of them can be written."""
    mine = api(guest)
    assert set(mine.get("auth/me").json()) == PROFILE
    change = {
        "first_name": "Usha",
        "phone": "+91 98765 43210",
        "communication_preferences": {"reminders": {"sms": True}},
        "marketing_consent": True,
        "email": "thief@example.com",
        "is_staff": True,
        "is_superuser": True,
        "roles": ["admin"],
        "session_epoch": 99,
    }
    given = mine.patch("auth/me", change)
    assert given.status_code == 200
    guest.refresh_from_db()
    assert (guest.first_name, guest.phone, guest.marketing_consent) == ("Usha", "+91 98765 43210", True)
    both = {"reminders": {"sms": True, "whatsapp": False, "push": True}}
    answer = mine.patch("auth/me", {"communication_preferences": {"reminders": {"push": True}}})
    assert answer.json()["communication_preferences"] == both
    guest.refresh_from_db()
    assert guest.communication_preferences == both
    assert guest.email == "asha.rao@pema.example"
    assert not guest.is_staff
    assert not guest.is_superuser
    assert mine.get("auth/me").json()["roles"] == []


@pytest.mark.parametrize(
    "change", [{"phone": "x"}, {"first_name": ""}, {"marketing_consent": "maybe"}, {"diet": "x" * 121}]
)
def test_a_bad_profile_changes_nothing(api, guest, change):
    before = User.objects.values().get(pk=guest.pk)
    assert api(guest).patch("auth/me", change).status_code == 400
    assert User.objects.values().get(pk=guest.pk) == before
