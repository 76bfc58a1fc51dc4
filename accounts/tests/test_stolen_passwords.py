"""A9: no door takes a password from stolen lists; stuffing them into sign-in lets nobody in and shuts nobody out."""

from __future__ import annotations

import hashlib
import os
import random
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from django.db import connections
from django.utils import timezone
from pwned_passwords_django.api import PwnedPasswords
from unfold.forms import AdminPasswordChangeForm

from accounts.domain import otp, passwords, people
from accounts.domain.tokens import NotSignedIn
from accounts.models import User
from config.tests.api_cast import codes
from config.tests.cast import PASSWORD
from core.errors import TooMany
from notifications.models import Message

STOLEN, FRESH = "Sunflower-1987!", "quite-a-fresh-password"
SEED = 20261121


@pytest.fixture
def service(settings):
    """Have I Been Pwned, as recorded: `asked` are the addresses, `answer` may be put in its place."""

    class Service:
        asked: list[httpx.Request] = []

        def answer(self, request: httpx.Request) -> httpx.Response:
            return httpx.Response(200, text=f"0018A45C4D1DEF81644B54AB7F969B88D65:1\r\n{digest(STOLEN)[5:]}:5,213")

        def __call__(self, request: httpx.Request) -> httpx.Response:
            self.asked.append(request)
            return self.answer(request)

    made = Service()
    made.asked = []
    client = PwnedPasswords(client=httpx.Client(transport=httpx.MockTransport(made)))
    kept = [one for one in settings.AUTH_PASSWORD_VALIDATORS if "Common" not in one["NAME"]]
    name = "pwned_passwords_django.validators.PwnedPasswordsValidator"
    settings.AUTH_PASSWORD_VALIDATORS = [*kept, {"NAME": name, "OPTIONS": {"api_client": client}}]
    return made


def digest(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


def test_no_door_takes_a_stolen_password(service, api, client, guest, post):
    """A9: registering, forgetting, changing, the back office."""
    body = {"email": "new@example.com", "password": STOLEN, "first_name": "New"}
    answer = api().post("auth/register", body)
    assert (answer.status_code, codes(answer)) == (400, ["weak_password"])
    assert not User.objects.filter(email="new@example.com").exists()

    key = passwords.key(guest)
    answer = api().post("auth/password/reset", {"key": key, "password": STOLEN})
    assert (answer.status_code, codes(answer)) == (400, ["weak_password"])
    page = client.get(f"/password/new/{key}", follow=True)
    answer = client.post(page.redirect_chain[-1][0], {"password": STOLEN})
    assert answer.status_code in (200, 400) and guest_has(guest, PASSWORD)

    client.force_login(guest)
    for password, held in ((STOLEN, PASSWORD), (FRESH, FRESH)):
        client.post("/profile/password", {"current": PASSWORD, "password": password})
        assert guest_has(guest, held)

    for password, taken in ((STOLEN, False), (FRESH, True)):
        typed = {"password1": password, "password2": password, "usable_password": "true"}
        assert AdminPasswordChangeForm(guest, typed).is_valid() is taken


def guest_has(guest: User, password: str) -> bool:
    return User.objects.get(pk=guest.pk).check_password(password)


def test_only_five_signs_of_a_digest_leave_the_house(service, guest):
    people.check_password_strength(FRESH, guest)
    (asked,) = service.asked
    assert asked.url == f"https://api.pwnedpasswords.com/range/{digest(FRESH)[:5]}" and asked.method == "GET"
    assert asked.headers["Add-Padding"] == "true" and not asked.content


@pytest.mark.parametrize("trouble", [httpx.ConnectError("down"), httpx.ReadTimeout("slow"), 503])
def test_without_an_answer_the_common_ones_are_refused(service, guest, trouble):
    def fail(request: httpx.Request) -> httpx.Response:
        if isinstance(trouble, int):
            return httpx.Response(trouble)
        raise trouble

    service.answer = fail
    people.check_password_strength(FRESH, guest)
    with pytest.raises(Exception, match="too common"):
        people.check_password_strength("password123", guest)


def test_production_asks_and_the_demo_does_not():
    """Read from the settings of a process of its own."""

    def validators(where: str) -> str:
        words = "from config import settings; print([one['NAME'] for one in settings.AUTH_PASSWORD_VALIDATORS])"
        keys = {"PEMA_ENV": where, "SECRET_KEY": "x" * 50, "JWT_SIGNING_KEY": "y" * 50, "EMAIL_URL": "consolemail://"}
        more = {"SITE_URL": "https://stay.example.com", "ALLOWED_HOSTS": "stay.example.com", "BREACHED_PASSWORDS": ""}
        done = subprocess.run(
            [sys.executable, "-c", words],
            env={**os.environ, **keys, **more},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    assert "Pwned" in validators("production") and "Pwned" not in validators("demo")


class Wave:
    """Leaked passwords tried on many accounts from many addresses; counts what was compared with a real password."""

    def __init__(self, accounts: int, monkeypatch: pytest.MonkeyPatch) -> None:
        since = timezone.now()
        made = [User(email=f"victim{n}@example.com", first_name="V", email_verified_at=since) for n in range(accounts)]
        for one in made:
            one.set_password(PASSWORD)
        self.people = User.objects.bulk_create(made)
        self.compared: dict[int, int] = {}
        original = User.check_password

        def counting(user: User, password: str) -> bool:
            self.compared[user.pk] = self.compared.get(user.pk, 0) + 1
            return original(user, password)

        monkeypatch.setattr(User, "check_password", counting)

    def roll(self, tries: int, *, at, threads: int = 1) -> dict[str, int]:
        """Every account is tried in turn; each address tries forty times and goes."""
        dice = random.Random(SEED)
        found: list[str] = []

        def guess(number: int) -> None:
            who, address = self.people[number % len(self.people)], f"198.51.{number // 40 // 250}.{number // 40 % 250}"
            try:
                people.sign_in(who.email, f"leaked-{dice.random()}", address=address, at=at)
                found.append("in")
            except (NotSignedIn, TooMany) as refusal:
                found.append(refusal.code)

        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(guess, range(tries)))
            list(pool.map(lambda _: connections.close_all(), range(threads * 4)))
        return {name: found.count(name) for name in set(found)}

    def come_back(self, *, at) -> int:
        """How many get in with the right password, each from her own home."""
        return sum(
            bool(people.sign_in(one.email, PASSWORD, address=f"203.0.{n // 250}.{n % 250}", at=at))
            for n, one in enumerate(self.people)
        )


def letters() -> list[str]:
    return sorted(re.sub(r":\d+$", "", key) for key in alarms())


def alarms() -> list[str]:
    return list(Message.objects.filter(key__startswith="alarm:").values_list("key", flat=True))


def judged(wave: Wave, tries: int, *, now, post, threads: int = 1) -> dict[str, int]:
    at = now.replace(minute=0)
    found = wave.roll(tries, at=at, threads=threads)
    each = tries // len(wave.people)
    assert found == {"bad_credentials": 10 * len(wave.people), "too_many_tries": (each - 10) * len(wave.people)}
    assert set(wave.compared.values()) == {10}
    assert letters() == ["alarm:limit_reached:failed-sign-ins", "alarm:limit_reached:sign-in"], "one letter each"
    victim = wave.people[0]
    with pytest.raises(TooMany):
        people.sign_in(victim.email, PASSWORD, address="203.0.113.1", at=at)
    asked = otp.ask("email", victim.email, address="203.0.113.1", at=timezone.now())
    home = "203.0.113.1"
    assert otp.verify(asked.public_id, post.work().code, address=home, at=timezone.now()) == victim
    assert passwords.reset(passwords.key(wave.people[1]), PASSWORD + "-2", at=timezone.now())
    wave.people[1].refresh_from_db()
    wave.people[1].set_password(PASSWORD)
    wave.people[1].save()
    assert wave.come_back(at=at + timedelta(minutes=61)) == len(wave.people)
    return found


@pytest.mark.django_db(transaction=True)
def test_a_wave_is_slowed_told_once_and_shuts_nobody_out(retreat, post, now, monkeypatch):
    """A9, small: 40 accounts, 15 passwords each."""
    judged(Wave(40, monkeypatch), 600, now=now, post=post)


@pytest.mark.drill
@pytest.mark.django_db(transaction=True)
def test_ten_thousand_leaked_passwords(retreat, post, now, monkeypatch):
    """A9: 10,000 over 500 accounts within an hour, ten at once."""
    found = judged(Wave(500, monkeypatch), 10_000, now=now, post=post, threads=10)
    print(f"\nstuffing: 10,000 over 500 accounts, {found}, 10 compared each, 500 of 500 back in after the hour")
