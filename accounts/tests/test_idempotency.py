"""Keys: one effect, one answer, whoever comes how often."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from accounts.domain import idempotency
from accounts.domain.idempotency import Claim, Mismatch, Stored
from accounts.models import IdempotencyKey
from bookings.domain import access
from bookings.models import StayBooking
from config.tests.api_cast import codes
from core.errors import Conflict
from payments.models import Payment


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


def booking(api, wish):
    quote = api().post("bookings/estimate", wish()).json()["quote"]
    return {"quote": quote, "guest": {"name": "A", "email": "a@example.com", "phone": "+919800000000"}}


def test_a_kept_answer_is_sealed(api, retreat, wish):
    """L1: the stay key in the answer is not readable in the table, and the repetition is byte-equal."""
    body, key = booking(api, wish), {"Idempotency-Key": "k"}
    first, again = api().post("bookings", body, **key), api().post("bookings", body, **key)
    assert first.status_code == 201
    assert (again.content, again["Idempotency-Replayed"]) == (first.content, "true")
    row = IdempotencyKey.objects.get()
    assert row.body.startswith("v1.")
    assert first.json()["access_key"] not in row.body
    moved = IdempotencyKey.objects.create(
        scope="user:1", key="k", fingerprint="p", status=201, body=row.body, lease_until=row.lease_until
    )
    with pytest.raises(Conflict) as refusal:
        idempotency.claim("user:1", "k", "p", at=moved.created_at)
    assert refusal.value.code == "idempotency_lost", "an answer copied to another caller does not open"


def test_effect_and_answer_are_one(api, retreat, wish, monkeypatch):
    """B17: when the answer cannot be kept, nothing was booked; the next try books once."""
    body, key = booking(api, wish), {"Idempotency-Key": "k"}
    monkeypatch.setattr("accounts.domain.idempotency.seal", lambda *a, **k: 1 / 0)
    assert api().post("bookings", body, **key).status_code == 500
    assert not StayBooking.objects.exists() and not IdempotencyKey.objects.exists()
    monkeypatch.undo()
    assert api().post("bookings", body, **key).status_code == 201
    assert StayBooking.objects.count() == 1


def test_whoever_lost_the_lease_takes_back_what_it_did(api, retreat, wish, monkeypatch):
    """B17: a process that was slower than its lease finds another one at work, and leaves no second effect."""
    body, key = booking(api, wish), {"Idempotency-Key": "k"}
    original = idempotency.store

    def overtaken(mine, answer):
        IdempotencyKey.objects.update(lease_until=mine.lease_until + timedelta(seconds=90))
        original(mine, answer)

    monkeypatch.setattr(idempotency, "store", overtaken)
    answer = api().post("bookings", body, **key)
    assert (answer.status_code, codes(answer)) == (409, ["idempotency_in_flight"])
    assert not StayBooking.objects.exists()


def test_beginning_to_pay_again_after_a_crash_makes_one_attempt(api, stays, monkeypatch):
    """B17: nothing of the first try is left, so the second one is the only one."""
    stay = stays.held()
    body, key = {"booking": stay.reference, "gateway": "payu"}, {"Idempotency-Key": "pay"}
    mine = api(**{"X-Stay-Key": access.key(stay.reference)})
    monkeypatch.setattr(idempotency, "store", lambda *a: (_ for _ in ()).throw(SystemError("gone")))
    assert mine.post("payments/initiate", body, **key).status_code == 500
    assert not Payment.objects.exists()
    monkeypatch.undo()
    first, again = mine.post("payments/initiate", body, **key), mine.post("payments/initiate", body, **key)
    assert (first.status_code, again.content) == (201, first.content)
    assert Payment.objects.count() == 1


def test_a_refusal_is_kept_and_repeated(api, stays):
    stay = stays.held()
    mine, key = api(**{"X-Stay-Key": access.key(stay.reference)}), {"Idempotency-Key": "k"}
    path = f"bookings/{stay.reference}/extend-hold"
    assert mine.post(path, **key).status_code == 200
    refused = mine.post(path, **{"Idempotency-Key": "k2"})
    again = mine.post(path, **{"Idempotency-Key": "k2"})
    assert (refused.status_code, codes(refused)) == (409, ["already_extended"])
    assert (again.content, again["Idempotency-Replayed"]) == (refused.content, "true")
