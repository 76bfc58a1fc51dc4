"""Signing in with Google: our own keys in the place of Google's."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.utils import timezone
from jwt.algorithms import RSAAlgorithm

from accounts.domain import google
from accounts.models import RefreshToken, User
from config.tests.api_cast import codes
from core import outside

OURS = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ANOTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CLIENT = "pema-app.apps.googleusercontent.com"


@pytest.fixture
def keys(settings, monkeypatch):
    """Google's page of keys; counts how often it was asked for."""
    settings.GOOGLE_CLIENT_IDS = ["web", CLIENT]
    public = {**json.loads(RSAAlgorithm.to_jwk(OURS.public_key())), "kid": "one", "use": "sig", "alg": "RS256"}
    asked = []

    def call(method, url, **_):
        asked.append(url)
        return SimpleNamespace(status=200, body=json.dumps({"keys": [public]}).encode())

    monkeypatch.setattr(outside, "call", call)
    google.keys.forget()
    yield asked
    google.keys.forget()


def token(key=OURS, algorithm="RS256", kid="one", **changes):
    now = int(timezone.now().timestamp())
    claims = {
        "iss": "https://accounts.google.com",
        "aud": CLIENT,
        "sub": "1234567890",
        "email": "Asha.Rao@pema.example",
        "email_verified": True,
        "given_name": "Asha",
        "iat": now,
        "exp": now + 600,
        **changes,
    }
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(kept, key, algorithm=algorithm, headers={"kid": kid})


def enter(api, id_token):
    return api().post("auth/google", {"id_token": id_token})


def test_off_without_client_ids(api, db, settings):
    settings.GOOGLE_CLIENT_IDS = []
    answer = enter(api, token())
    assert (answer.status_code, codes(answer)) == (403, ["google_off"])
    assert not User.objects.exists()


def test_a_new_person_and_the_same_again(api, db, keys):
    first, second = enter(api, token()), enter(api, token())
    assert first.status_code == second.status_code == 200
    user = User.objects.get()
    assert (user.email, user.first_name, user.has_usable_password()) == ("asha.rao@pema.example", "Asha", False)
    assert first.json()["user"]["email_verified"] is True
    assert len(keys) == 1, "Google's keys are kept"


def test_an_account_whose_address_is_proven_is_found(api, guest, keys):
    User.objects.filter(pk=guest.pk).update(email_verified_at=timezone.now())
    assert enter(api, token()).json()["user"]["id"] == str(guest.public_id)
    assert User.objects.count() == 1


def test_an_account_whose_address_nobody_proved_is_not_merged(api, guest, keys):
    """A14: neither may who registered first in my name ride on my Google account, nor the other way round."""
    User.objects.update(email_verified_at=None)
    before = User.objects.values().get()
    answer = enter(api, token())
    assert (answer.status_code, codes(answer)) == (409, ["address_not_proven"])
    assert User.objects.values().get() == before
    assert not RefreshToken.objects.exists()


FORGERIES = {
    "another key": {"key": ANOTHER},
    "a key that Google has not": {"kid": "two"},
    "our public key as a secret": {"key": "public-key-as-a-shared-secret-of-32-bytes", "algorithm": "HS256"},
    "no signature": {"key": None, "algorithm": "none"},
    "another audience": {"aud": "somebody-else"},
    "no audience": {"aud": None},
    "another issuer": {"iss": "https://accounts.example.com"},
    "expired": {"exp": int((timezone.now() - timedelta(hours=1)).timestamp())},
    "no end": {"exp": None},
    "an address that Google has not verified": {"email_verified": False},
    "verified as a word": {"email_verified": "true"},
    "nothing about verifying": {"email_verified": None},
    "no address": {"email": None},
}


@pytest.mark.parametrize("name", FORGERIES)
def test_forged_tokens_make_nobody(api, db, keys, name):
    """A4, A14."""
    answer = enter(api, token(**FORGERIES[name]))
    assert (answer.status_code, codes(answer)) == (401, ["bad_google_token"])
    assert not User.objects.exists()


@pytest.mark.parametrize("text", ["x", "a.b.c", "." * 50, "é"])
def test_what_is_no_token(api, db, keys, text):
    assert enter(api, text).status_code == 401


def test_google_does_not_answer(api, db, keys, monkeypatch):
    def silent(*args, **kwargs):
        raise outside.NoAnswer("silence")

    monkeypatch.setattr(outside, "call", silent)
    answer = enter(api, token())
    assert (answer.status_code, codes(answer)) == (503, ["google_silent"])
    assert answer["Retry-After"]


def test_after_a_failure_nobody_asks_for_a_while(api, db, keys, monkeypatch):
    """Z4: while Google is silent a sign-in is refused at once; it does not wait for the next silence."""
    calls, answering = [], outside.call

    def silent(*args, **kwargs):
        calls.append(1)
        raise outside.NoAnswer("silence")

    monkeypatch.setattr(outside, "call", silent)
    for _ in range(3):
        assert enter(api, token()).status_code == 503
    assert len(calls) == 1
    monkeypatch.setattr(outside, "call", answering)
    clock = time.monotonic()
    monkeypatch.setattr(google.time, "monotonic", lambda: clock + google.PAUSE + 1)
    assert enter(api, token()).status_code == 200


def test_nobody_waits_for_anothers_unknown_key(keys, monkeypatch):
    """Z4: a stranger's made-up key asks Google; who brings a key that we hold passes meanwhile, and so do refusals."""
    google.keys.named("one")
    asked, may_end, answering = threading.Event(), threading.Event(), outside.call

    def slow(*args, **kwargs):
        asked.set()
        may_end.wait(10)
        return answering(*args, **kwargs)

    monkeypatch.setattr(outside, "call", slow)
    monkeypatch.setattr(google.keys, "_tried", float("-inf"))
    with ThreadPoolExecutor(1) as pool:
        unknown = pool.submit(google.keys.named, "made-up")
        assert asked.wait(5)
        try:
            with ThreadPoolExecutor(1) as other:
                assert other.submit(google.keys.named, "one").result(2)
                with pytest.raises(KeyError):
                    other.submit(google.keys.named, "another").result(2)
        finally:
            may_end.set()
        with pytest.raises(KeyError):
            unknown.result(5)
    assert len(keys) == 2


def test_a_closed_account_stays_closed(api, guest, keys):
    User.objects.filter(pk=guest.pk).update(is_active=False, email_verified_at=timezone.now())
    assert enter(api, token()).status_code == 401
    assert not RefreshToken.objects.exists()
