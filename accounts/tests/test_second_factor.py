"""The second factor: codes that are good once, staff who get nothing without it, keys that are sealed."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.domain import limits, second_factor
from accounts.models import Attempt
from core.errors import TooMany

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-password"
SIGN_IN, FACTOR = "/sign-in", "/sign-in/factor"


def code(secret: str, step: int) -> str:
    return format_hotp_value(hotp_value(secret, step))


def now_code(secret: str, ahead: int = 0) -> str:
    return code(secret, int(time.time()) // 30 + ahead)


@pytest.fixture
def secret() -> str:
    return generate_totp_secret()


@pytest.fixture
def app(guest, secret) -> Authenticator:
    return TOTP.activate(guest, secret).instance


def by_password(person, **more) -> Client:
    client = Client()
    client.post(SIGN_IN, {"email": person.email, "password": PASSWORD, **more})
    return client


def test_the_password_alone_opens_nothing(guest, app, secret):
    client = Client()
    answer = client.post(SIGN_IN, {"email": guest.email, "password": PASSWORD, "next": "/profile"})
    assert answer["Location"] == FACTOR
    assert client.get("/profile").status_code == 302
    assert client.post(FACTOR, {"code": "000000"}).status_code == 400
    assert client.get("/profile").status_code == 302
    answer = client.post(FACTOR, {"code": now_code(secret)})
    assert (answer.status_code, answer["Location"]) == (303, "/profile")
    assert client.get("/profile").status_code == 200


def test_a_code_is_good_once_within_its_ninety_seconds(guest, app, secret):
    """A11: the second use is refused, in another browser too, and so is every older code."""
    typed = now_code(secret)
    assert by_password(guest).post(FACTOR, {"code": typed}).status_code == 303
    again = by_password(guest)
    assert again.post(FACTOR, {"code": typed}).status_code == 400
    assert again.post(FACTOR, {"code": now_code(secret, -1)}).status_code == 400
    assert again.get("/profile").status_code == 302
    assert again.post(FACTOR, {"code": now_code(secret, 1)}).status_code == 303


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False])
def test_of_parallel_uses_of_one_code_one_holds(guest, app, secret, monkeypatch, guarded):
    """A11: twenty at once. The twin without the guard lets more than one in: the test is not blind."""
    at = timezone.now()
    monkeypatch.setattr(second_factor, "TRIES", limits.Limit("many", 1000, timedelta(hours=1)))
    if not guarded:
        monkeypatch.setattr(second_factor, "spend", lambda key, step, *, at: True)

    def use(_: int) -> bool:
        try:
            return second_factor.verified(guest, code(secret, second_factor.step_of(at)), at=at)
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        held = sum(pool.map(use, range(20)))
    assert held == 1 if guarded else held > 1


def test_guesses_are_counted_for_the_person(guest, app, secret):
    """A5: ten wrong codes in an hour, whichever browser they are typed into; the right one does not help then."""
    at = timezone.now()
    for _ in range(10):
        assert not second_factor.verified(guest, "000000", at=at)
    with pytest.raises(TooMany):
        second_factor.verified(guest, code(secret, second_factor.step_of(at)), at=at)
    later = at + timedelta(hours=1, seconds=1)
    assert second_factor.verified(guest, code(secret, second_factor.step_of(later)), at=later), "a soft lock"


def test_a_recovery_code_opens_once(guest, app):
    kept = RecoveryCodes.activate(guest).generate_codes()[0]
    assert by_password(guest).post(FACTOR, {"code": kept}).status_code == 303
    assert by_password(guest).post(FACTOR, {"code": kept}).status_code == 400


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False])
def test_of_parallel_uses_of_one_recovery_code_one_holds(guest, app, monkeypatch, guarded):
    """A11: allauth locks the row while it looks; the twin without that lock lets more than one in."""
    at, kept = timezone.now(), RecoveryCodes.activate(guest).generate_codes()[0]
    real = RecoveryCodes.generate_codes

    def slow(held):
        time.sleep(0.1)
        return real(held)

    monkeypatch.setattr(RecoveryCodes, "generate_codes", slow)
    if not guarded:
        monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)

    def use(_: int) -> bool:
        try:
            return second_factor.verified(guest, kept, at=at)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        held = sum(pool.map(use, range(4)))
    assert held == 1 if guarded else held > 1


def test_keys_are_sealed_at_rest(guest, app, secret):
    """V12: neither the key of an app nor the seed of recovery codes stands in the table as it is."""
    RecoveryCodes.activate(guest)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(data::text, ' ') FROM mfa_authenticator")
        stored = cursor.fetchone()[0]
    assert secret not in stored and stored.count("v1.sandbox.") == 2


# --- staff ----------------------------------------------------------------------------------------------------------
WALL = (
    "/admin/",
    "/admin/login/",
    "/admin/password_change/",
    "/admin/today/",
    "/admin/accounts/user/",
    "/admin/jsi18n/",
    "/profile",
    "/profile/security",
    "/profile/password",
    "/profile/security/email",
    "/profile/security/recovery",
    "/stays",
    "/",
)


@pytest.fixture
def strict(settings):
    settings.STAFF_MFA_REQUIRED = True


def enrolment(answer) -> bool:
    return answer.status_code in (302, 303) and answer["Location"] == "/profile/security/set-up"


@pytest.mark.parametrize("way_in", ["password", "force"])
def test_staff_without_a_second_factor_get_nothing_but_enrolment(strict, retreat, front_desk, way_in):
    """A10: every path, every verb, however the session came to be."""
    client = by_password(front_desk)
    if way_in == "force":
        client.force_login(front_desk)
    for path in WALL:
        assert enrolment(client.get(path)), path
        assert enrolment(client.post(path)), path
    page = client.get("/profile/security/set-up")
    assert page.status_code == 200 and reverse("mfa_activate_totp") in page.content.decode()
    assert client.post("/sign-out").status_code == 303


def test_the_api_gives_staff_no_token_without_it(strict, front_desk, client):
    """A10: the mobile door too."""
    body = {"email": front_desk.email, "password": PASSWORD}
    answer = client.post("/api/v1/auth/login", body, content_type="application/json")
    assert answer.status_code == 403 and "access" not in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_setting_up_an_app_opens_the_back_office(strict, retreat, front_desk):
    """The walk of a new member of staff: password, app, recovery codes, the house."""
    client = by_password(front_desk)
    page = client.get("/profile/security/app")
    assert page.status_code == 200
    secret = page.context["form"].secret
    assert client.post("/profile/security/app", {"code": "000000"}).status_code == 400
    assert enrolment(client.get("/admin/today/"))
    answer = client.post("/profile/security/app", {"code": now_code(secret)})
    assert answer["Location"] == "/profile/security/recovery"
    codes = client.get("/profile/security/recovery").context["unused_codes"]
    assert len(codes) == 10
    assert client.get("/admin/today/").status_code == 200
    later = by_password(front_desk, next="/admin/today/")
    assert later.get("/admin/today/").status_code == 302
    assert later.post(FACTOR, {"code": now_code(secret)}).status_code == 400, "used up by setting it up"
    assert later.post(FACTOR, {"code": codes[0]})["Location"] == "/admin/today/"
    assert later.get("/admin/today/").status_code == 200


def test_a_session_that_never_showed_the_factor_is_thrown_out(strict, retreat, front_desk, secret):
    """A10: a member of staff who has one, in a session that came to be without it."""
    TOTP.activate(front_desk, secret)
    client = Client()
    client.force_login(front_desk)
    answer = client.get("/admin/today/")
    assert (answer.status_code, answer["Location"]) == (303, "/sign-in?next=/admin/today/")
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db(transaction=True)
def test_staff_cannot_take_the_last_factor_away(strict, retreat, front_desk):
    client = by_password(front_desk)
    secret = client.get("/profile/security/app").context["form"].secret
    client.post("/profile/security/app", {"code": now_code(secret)})
    answer = client.post("/profile/security/app/remove")
    assert answer.status_code == 400 and second_factor.enrolled(front_desk)


def test_guests_are_free_to_choose(strict, guest):
    assert by_password(guest).get("/profile").status_code == 200


def test_production_refuses_the_switch_of_the_demo(settings):
    """pema.E004."""
    settings.PRODUCTION, settings.STAFF_MFA_REQUIRED = True, False
    with pytest.raises(SystemCheckError, match=r"pema\.E004"):
        call_command("check")


def test_tries_are_kept_when_valkey_is_away(guest, app, settings):
    """Q3: counters of sign-in stand in PostgreSQL."""
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    second_factor.verified(guest, "000000", at=timezone.now())
    assert Attempt.objects.filter(subject__startswith="second-factor:").exists()
