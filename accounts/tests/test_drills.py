"""Drills of the ways in, with the figures of docs/reliability.md. Each prints its one line: `make drills ARGS=-s`."""

from __future__ import annotations

import math
import os
import random
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone
from rest_framework.test import APIClient, APIRequestFactory

from accounts.api.entering import OtpVerify
from accounts.domain import codes, otp, tokens
from accounts.models import Attempt, Challenge, IdempotencyKey, RefreshToken, User
from core.errors import Conflict

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]
SEED = 20261121
CALLER = APIRequestFactory()
GUESTS = int(os.environ.get("DRILL_GUESTS", "500"))  # known and unknown addresses each, for the enumeration
WARM = 10
KEYS = int(os.environ.get("DRILL_KEYS", "200"))
REAL_HASHER = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]


@pytest.fixture(autouse=True)
def quiet_bell(monkeypatch):
    """Nobody listens in a drill; what a bell costs is the same for everybody."""
    monkeypatch.setattr("core.tasks.ring_bell", lambda kind, pk: None)


class Crowd:
    """Callers that begin together, each with a line of its own that it keeps."""

    def __init__(self, count):
        self.count, self.start = count, threading.Barrier(count)
        self.pool = ThreadPoolExecutor(count)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.all(lambda number: connections.close_all())
        self.pool.shutdown()

    def all(self, act):
        """What each got from `act(number)`: an answer, or the exception."""

        def one(number):
            try:
                connection.ensure_connection()
                self.start.wait()
                return act(number)
            except Exception as error:
                return error

        return list(self.pool.map(one, range(self.count)))


def test_refresh_two_hundred_times_by_twenty(guest):
    """A1, A2, V14: one new pair each time, nineteen polite refusals; a later reuse ends the family, always."""
    revoked, crowd = 0, Crowd(20)
    for _ in range(200):
        first = tokens.issue(guest, at=timezone.now())
        answers = crowd.all(lambda n, raw=first.refresh: tokens.rotate(raw, at=timezone.now()))
        pairs = [one for one in answers if isinstance(one, tokens.Pair)]
        losers = [one for one in answers if isinstance(one, Conflict) and one.code == "token_rotated"]
        assert (len(pairs), len(losers)) == (1, 19), answers
        family = tokens.family_of(first.refresh)
        live = RefreshToken.objects.filter(family=family, used_at__isnull=True, revoked_at__isnull=True)
        assert live.count() == 1
        with pytest.raises(tokens.NotSignedIn):
            tokens.rotate(first.refresh, at=timezone.now() + timedelta(seconds=11))
        with pytest.raises(tokens.NotSignedIn):
            tokens.holder(pairs[0].access)
        revoked += live.count() == 0
    crowd.__exit__()
    assert revoked == 200
    print("\nrefresh: 200 x 20 threads, accepted 200, refused 3,800, families revoked on reuse 200/200")


def test_twenty_thousand_tries_at_codes(guest, post, monkeypatch):
    """A5, A6: with forged addresses and in parallel, at most five tries of a challenge are compared with its code.

    The limit of challenges is lifted here, so that the counter of tries stands alone.
    """
    compared, original = {}, codes.digest

    def counting(challenge, code):
        compared.setdefault(challenge.pk, []).append(1)
        return original(challenge, code)

    dice, statuses = random.Random(SEED), {}
    for _ in range(100):
        Attempt.objects.all().delete()
        challenge = otp.ask("email", guest.email, address="1.1.1.1", at=timezone.now())
        right = post.work().code
        monkeypatch.setattr(codes, "digest", counting)
        guesses = [f"{dice.randrange(10**6):06d}" for _ in range(200)]
        guesses = [post.wrong if one == right else one for one in guesses]

        def guess(number, challenge=challenge, guesses=guesses):
            seen = []
            for step in range(20):
                forged = {"X-Forwarded-For": f"10.{number}.{step}.7", "X-Real-IP": f"10.{number}.{step}.8"}
                body = {"challenge": str(challenge.public_id), "code": guesses[number * 20 + step]}
                wish = CALLER.post("/api/v1/auth/otp/verify", body, format="json", headers=forged)
                seen.append(OtpVerify.as_view()(wish).status_code)
            return seen

        with Crowd(10) as crowd:
            answers = crowd.all(guess)
        for seen in answers:
            for status in seen:
                statuses[status] = statuses.get(status, 0) + 1
        monkeypatch.setattr(codes, "digest", original)
    most = max(len(one) for one in compared.values())
    assert sum(statuses.values()) == 20_000
    assert most <= 5 and not any(status >= 500 for status in statuses), statuses
    assert Challenge.objects.filter(tries__gt=5).count() == 0
    assert set(statuses) <= {400, 429}, statuses
    print(f"\notp: 20,000 tries at 100 challenges, at most {most} compared each, answers {statuses}")


FLOWS = {
    "login": ("auth/login", lambda email, n: {"email": email, "password": "not-the-right-one"}),
    "register": (
        "auth/register",
        lambda email, n: {"email": email, "password": "a-long-enough-password", "first_name": "Nila"},
    ),
    "forgot": ("auth/password/forgot", lambda email, n: {"email": email}),
    "otp": ("auth/otp", lambda email, n: {"channel": "email", "to": email}),
}
KEPT_APART = ("challenge", "expires_at", "email")  # random, the clock, and what the caller said herself


def welch(one, two):
    gap = statistics.fmean(one) - statistics.fmean(two)
    return gap / math.sqrt(statistics.variance(one) / len(one) + statistics.variance(two) / len(two))


@pytest.mark.parametrize("flow", FLOWS)
def test_nobody_learns_who_has_an_account(flow, settings, monkeypatch):
    """A8: 500 known and 500 unknown addresses, interleaved, with the real password hasher: same answers, same time."""
    settings.PASSWORD_HASHERS = REAL_HASHER
    monkeypatch.setattr("accounts.domain.limits.count", lambda *a, **k: None)
    path, body = FLOWS[flow]
    person = User.objects.create_user("asha@pema.example", "a-long-enough-password", first_name="Asha")
    hashed, client = person.password, APIClient()
    User.objects.bulk_create(
        User(email=f"k{n}@pema.example", first_name="K", password=hashed, email_verified_at=timezone.now())
        for n in range(GUESTS + WARM)
    )

    def ask(kind, number):
        return client.post(f"/api/v1/{path}", body(f"{kind}{number}@pema.example", number), format="json")

    def shape(answer):
        given = {name: "…" if name in KEPT_APART else value for name, value in answer.json().items()}
        return answer.status_code, str(given), tuple(sorted(answer.headers))

    nothing_tells(flow, ask, shape)


def test_nobody_learns_which_stays_there_are(stays, monkeypatch):
    """A8, Z9: a real stay with the right name, and references that never were: same answers, same time."""
    monkeypatch.setattr("accounts.domain.limits.count", lambda *a, **k: None)
    stay, client = stays.paid(email="asha@pema.example"), APIClient()
    last_name = stay.contact_name.split()[-1]

    def ask(kind, number):
        reference = stay.reference if kind == "k" else f"PW-{number:010d}"
        return client.post("/stays/find", {"reference": reference, "last_name": last_name}, format="multipart")

    def shape(answer):
        return answer.status_code, answer.content, answer["Location"], tuple(sorted(answer.headers))

    nothing_tells("find a stay", ask, shape)


def nothing_tells(flow, ask, shape):
    """`ask(kind, number)`, known ("k") and unknown ("u") in turn: one shape of answer, and times of one mean."""
    dice = random.Random(SEED)
    times, shapes = {"k": [], "u": []}, {"k": set(), "u": set()}
    for number in range(GUESTS + WARM):
        for kind in dice.sample("ku", 2):
            began = time.perf_counter()
            answer = ask(kind, number)
            took = time.perf_counter() - began
            if number >= WARM:
                times[kind].append(took)
            shapes[kind].add(shape(answer))
    t = welch(times["k"], times["u"])
    gap = 1000 * (statistics.fmean(times["k"]) - statistics.fmean(times["u"]))
    print(f"\nenumeration, {flow}: {GUESTS} + {GUESTS}, t = {t:+.2f}, gap {gap:+.3f} ms")
    assert shapes["k"] == shapes["u"] and len(shapes["k"]) == 1
    assert abs(t) < 4.5


def test_one_key_two_hundred_times_by_fifty(retreat, wish):
    """B15: fifty at once with one key: one effect; whoever comes again gets the same bytes."""
    from bookings.models import StayBooking

    client, crowd, effects, refused = APIClient(), Crowd(50), 0, 0
    for number in range(KEYS):
        StayBooking.objects.update(hold_expires_at=timezone.now() - timedelta(minutes=1))
        quote = client.post("/api/v1/bookings/estimate", wish(start=20 + number), format="json").json()["quote"]
        guest = {"name": "A", "email": f"a{number}@example.com", "phone": f"+9198{number:08d}"}
        body, key = {"quote": quote, "guest": guest}, {"Idempotency-Key": f"key-{number}"}

        def post(_, body=body, key=key):
            answer = APIClient(raise_request_exception=False).post("/api/v1/bookings", body, format="json", headers=key)
            return answer.status_code, answer.content

        answers = crowd.all(post)
        assert {status for status, _ in answers} <= {201, 409}, answers
        given = {content for status, content in answers if status == 201}
        again = client.post("/api/v1/bookings", body, format="json", headers=key)
        assert again["Idempotency-Replayed"] == "true"
        assert given == {again.content}
        effects += StayBooking.objects.filter(contact_email=guest["email"]).count()
        refused += sum(status == 409 for status, _ in answers)
    crowd.__exit__()
    assert effects == IdempotencyKey.objects.filter(status=201).count() == KEYS
    print(f"\nidempotency: {KEYS} keys x 50 in parallel, effects {effects}, answers byte-equal, told to wait {refused}")
