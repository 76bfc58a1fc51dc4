"""Keys: one effect, one answer, whoever comes how often."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from accounts.domain import idempotency
from accounts.domain.idempotency import Claim, Mismatch, Stored
from accounts.models import IdempotencyKey
from bookings.domain import access
from config.tests.api_cast import codes
from core.errors import Conflict


def test_the_order_of_members_does_not_matter():
    one = idempotency.fingerprint("POST", "/x", {"a": 1, "b": [2]})
    assert one == idempotency.fingerprint("POST", "/x", {"b": [2], "a": 1})
    assert one != idempotency.fingerprint("POST", "/y", {"a": 1, "b": [2]})
    assert one != idempotency.fingerprint("POST", "/x", {"a": 1, "b": [3]})


def test_a_key_lives_for_72_hours(db, now):
    mine = idempotency.claim("user:1", "k", "print", at=now)
    assert isinstance(mine, Claim)
    with pytest.raises(Conflict):
        idempotency.claim("user:1", "k", "print", at=now + timedelta(seconds=89))
    idempotency.store(mine, Stored(201, "{}"))
    assert idempotency.claim("user:1", "k", "print", at=now + timedelta(hours=72)) == Stored(201, "{}")
    with pytest.raises(Mismatch):
        idempotency.claim("user:1", "k", "other", at=now)
    assert idempotency.claim("user:1", "k", "other", at=now + timedelta(hours=73)) != Stored(201, "{}")


def test_keys_of_two_callers_are_strangers(db, now):
    idempotency.claim("user:1", "k", "print", at=now)
    assert isinstance(idempotency.claim("user:2", "k", "print", at=now), Claim)
    assert idempotency.effect_key("user:1", "k", "print") != idempotency.effect_key("user:2", "k", "print")
    assert idempotency.effect_key("user:1", "k", "print") != idempotency.effect_key("user:1", "k", "other")


def test_after_the_lease_one_goes_on(db, now):
    """B17: the claim of a killed process is taken over after 90 s, by one caller."""
    idempotency.claim("user:1", "k", "print", at=now)
    later = now + timedelta(seconds=90)
    assert isinstance(idempotency.claim("user:1", "k", "print", at=later), Claim)
    with pytest.raises(Conflict):
        idempotency.claim("user:1", "k", "print", at=later)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_claim_once(now):
    """B15: of fifty parallel claims one goes on."""
    won, refused, start = [], [], threading.Barrier(50)

    def claim():
        start.wait()
        try:
            won.append(idempotency.claim("user:1", "k", "print", at=now))
        except Conflict as error:
            refused.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=claim) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(refused)) == (1, 49)
    assert set(refused) == {"idempotency_in_flight"}


@pytest.mark.parametrize("key", ["", "x" * 129, "with blank", "é"])
def test_a_bad_key_is_refused(api, retreat, key):
    answer = api().post("bookings", {}, **{"Idempotency-Key": key})
    assert (answer.status_code, codes(answer)) == (400, ["bad_idempotency_key"])
    assert not IdempotencyKey.objects.exists()


def test_a_fault_of_ours_keeps_no_answer(api, retreat, wish, monkeypatch):
    """After a 500 the same key starts afresh."""
    quote = api().post("bookings/estimate", wish()).json()["quote"]
    body = {"quote": quote, "guest": {"name": "A", "email": "a@example.com"}}
    monkeypatch.setattr("bookings.domain.placing.place", lambda *a, **k: 1 / 0)
    assert api().post("bookings", body, **{"Idempotency-Key": "k"}).status_code == 500
    monkeypatch.undo()
    assert api().post("bookings", body, **{"Idempotency-Key": "k"}).status_code == 201


def test_an_answer_is_not_repeated_to_who_lacks_the_stay_key(api, stays):
    """B15, Z3: another guest behind the same address, with the same idempotency key, meets the door and no answer."""
    stay = stays.held()
    path, key = f"bookings/{stay.reference}/cancel", {"Idempotency-Key": "k"}
    holder = api(**{"X-Stay-Key": access.key(stay.reference)})
    first = holder.patch(path, {}, **key)
    assert first.status_code == 200
    again = holder.patch(path, {}, **key)
    assert (again.content, again["Idempotency-Replayed"]) == (first.content, "true")
    for stranger in (api(), api(**{"X-Stay-Key": "nonsense"})):
        answer = stranger.patch(path, {}, **key)
        assert (answer.status_code, codes(answer)) == (404, ["unknown_booking"])
        assert "Idempotency-Replayed" not in answer
