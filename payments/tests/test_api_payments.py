"""Callbacks and payments over the API."""

import json
import threading
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client

from bookings.domain import access
from bookings.models import StayBooking
from config.tests.api_cast import codes
from payments.gateways.payu import hints
from payments.models import GatewayEvent, Payment
from payments.tests.payu_forms import KEY, SALT, signed

pytestmark = pytest.mark.django_db(transaction=True)
DOORS = ["payments/webhook", "payments/webhooks/payu"]
PAYMENT = {
    "id", "booking", "gateway", "milestone", "amount", "currency", "state", "refunded", "mode", "created_at",
    "captured_at",
}  # fmt: skip


def post_form(door, fields):
    return Client(raise_request_exception=False).post(
        f"/api/v1/{door}", urlencode(fields, doseq=True), content_type="application/x-www-form-urlencoded"
    )


def post_json(door, data):
    return Client(raise_request_exception=False).post(f"/api/v1/{door}", data, content_type="application/json")


@pytest.fixture
def started(stays, guest):
    stay = stays.held(user=guest)
    return stays.started(stay, "deposit")


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("post", [post_form, post_json])
def test_a_genuine_notice_confirms_the_stay_from_the_webhook_alone(door, post, started, gateway, drain):
    """P9"""
    gateway.pays(started)
    answer = post(door, {"txnid": started.txnid, "amount": "50000.00", "hash": "good"})
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    drain()
    started.refresh_from_db()
    assert started.state == "captured"
    assert StayBooking.objects.get().state == "pending_medical"


def test_twenty_deliveries_at_once_are_one_capture(started, gateway, drain):
    """P1, P6: stored once, worked once, also when it comes again much later."""
    gateway.pays(started)
    fields = {"txnid": started.txnid, "amount": "50000.00", "hash": "good"}
    statuses = []

    def deliver():
        statuses.append(post_form(DOORS[0], fields).status_code)
        connection.close()

    threads = [threading.Thread(target=deliver) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    drain()
    statuses.append(post_form(DOORS[0], fields).status_code)
    drain()
    assert set(statuses) == {200}
    assert GatewayEvent.objects.count() == 1
    assert started.folio.lines.filter(kind="payment").count() == 1
    assert gateway.verify_calls == [started.txnid]


def test_a_callback_alone_is_only_a_claim(started, gateway, drain):
    """P8: success in the notice, nothing at the gateway: not paid."""
    assert post_form(DOORS[0], {"txnid": started.txnid, "amount": "50000.00", "hash": "good"}).status_code == 200
    drain()
    assert StayBooking.objects.get().state == "held"
    assert not Payment.objects.filter(state="captured").exists()


@pytest.fixture
def real_payu(settings):
    settings.PAYU_MERCHANT_KEY, settings.PAYU_MERCHANT_SALT = KEY, SALT
    settings.PAYU_SALT_256, settings.PAYU_PREVIOUS_SALTS = "", []


def forged():
    good = signed()
    yield from (
        {key: value for key, value in good.items() if key != name} for name in ("hash", "txnid", "status", "key")
    )
    yield {**good, "hash": good["hash"].upper().lower()[:-1]}
    yield {**good, "hash": good["hash"][::-1]}
    yield {**good, "hash": ""}
    yield signed(salt="another-salt")
    yield {**good, "amount": "5.00"}
    yield {**good, "txnid": "OTHER"}
    yield {**good, "status": "failure"}
    yield {**good, "email": "thief@example.com"}
    yield {**good, "firstname": good["firstname"] + "|x"}
    yield {**good, "hash": [good["hash"]]}
    yield {**good, "txnid": {"a": 1}}
    yield {**good, "amount": 50000.0}
    yield {**good, "extra": "a\x00b", "hash": "x"}
    yield {}


@pytest.mark.parametrize("door", DOORS)
def test_forged_notices_store_nothing(door, db, real_payu):
    """P2, P3: 400, no row, whatever is missing, changed, an array or a number."""
    assert post_form(door, signed()).status_code == 200
    assert GatewayEvent.objects.count() == 1
    for fields in forged():
        answer = post_json(door, json.dumps(fields))
        assert answer.status_code == 400, fields
        assert answer.json()["type"] in ("validation_error", "client_error")
    for fields in list(forged())[:12]:
        assert post_form(door, fields).status_code == 400
    assert GatewayEvent.objects.count() == 1
    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("[]", "application/json", 400),
        ("[1,2]", "application/json", 400),
        ('"text"', "application/json", 400),
        ("null", "application/json", 400),
        ("{", "application/json", 400),
        ('{"a": NaN}', "application/json", 400),
        ('{"txnid": "\\u0000"}', "application/json", 400),
        ('{"txnid": "\\ud800"}', "application/json", 400),
        ("[" * 5000 + "]" * 5000, "application/json", 400),
        ('{"a": ' + "9" * 6000 + "}", "application/json", 400),
        ("\xff\xfe", "application/json", 400),
        ("txnid=a%00b&hash=x", "application/x-www-form-urlencoded", 400),
        ("&".join(f"a{n}=1" for n in range(600)), "application/x-www-form-urlencoded", 400),
        ("hash=a&hash=b&txnid=x", "application/x-www-form-urlencoded", 400),
        ("x" * 1_100_000, "application/x-www-form-urlencoded", 413),
        ('{"a": "' + "x" * 1_100_000 + '"}', "application/json", 413),
        ("<x/>", "text/xml", 415),
        ("", "application/json", 400),
    ],
)
def test_hostile_bodies(db, real_payu, body, kind, status):
    """I12, P17: a clear 4xx, nothing stored, no fault."""
    raw = body.encode("latin-1")
    answer = Client(raise_request_exception=False).post(f"/api/v1/{DOORS[0]}", raw, content_type=kind)
    assert answer.status_code == status
    assert answer.json()["errors"]
    assert not GatewayEvent.objects.exists()


def test_a_webhook_is_a_post(api, db):
    for method in ("get", "put", "patch", "delete"):
        assert getattr(api(), method)(DOORS[0]).status_code == 405


def test_webhooks_are_not_limited(db, settings, real_payu, monkeypatch):
    from core.api.throttles import PoliteThrottle

    settings.RATE_LIMIT_ANON = "1/min"
    monkeypatch.setattr(PoliteThrottle, "_count", classmethod(lambda *args: 99))
    assert post_form(DOORS[0], signed()).status_code == 200


def test_the_own_payments_only(api, guest, other_guest, finance, front_desk, stays, django_assert_num_queries):
    """Z1, Z8, D8"""
    stay = stays.held(user=guest)
    paid = stays.pay(stay)
    stays.pay(stays.held(user=other_guest, start=60))
    mine = api(guest)
    with django_assert_num_queries(3):
        given = mine.get("payments").json()
    assert given["count"] == 1
    row = given["results"][0]
    assert set(row) == PAYMENT
    assert (row["id"], row["booking"], row["state"], row["amount"], row["refunded"]) == (
        str(paid.public_id),
        stay.reference,
        "captured",
        "50000.00",
        "0.00",
    )
    path = f"payments/{paid.public_id}"
    assert mine.get(path).json() == row
    assert api(other_guest).get(path).status_code == 404
    assert api().get(path).status_code == 404
    assert api(finance).get("payments").json()["count"] == 2
    assert api(front_desk).get(path).status_code == 200
    stays.started(stays.held(user=guest, start=90), "deposit")
    stays.started(stays.held(user=guest, start=120), "deposit")
    with django_assert_num_queries(3):
        assert mine.get("payments").json()["count"] == 3


def test_the_key_of_a_stay_opens_its_payments_and_no_others(api, stays, guest):
    """Z1: a guest without an account sees how the own payment went; another stay's is not there, nor after a claim."""
    mine, other = stays.held(start=30), stays.held(start=60)
    paid, foreign = stays.pay(mine), stays.pay(other)
    holder = api(**{"X-Stay-Key": access.key(mine.reference)})
    assert holder.get(f"payments/{paid.public_id}").json()["booking"] == mine.reference
    refused = holder.get(f"payments/{foreign.public_id}")
    assert (refused.status_code, codes(refused)) == (404, ["unknown_payment"])
    assert api(**{"X-Stay-Key": "nonsense"}).get(f"payments/{paid.public_id}").status_code == 404
    assert api().get(f"payments/{paid.public_id}").status_code == 404
    StayBooking.objects.filter(pk=mine.pk).update(user=guest)
    assert holder.get(f"payments/{paid.public_id}").status_code == 404


def test_states_of_a_payment(api, guest, stays, drain):
    stay = stays.held(user=guest)
    payment = stays.pay(stay)
    Payment.objects.filter(pk=payment.pk).update(refund_reserved=Decimal("20000"))
    path = f"payments/{payment.public_id}"
    assert api(guest).get(path).json()["state"] == "partially_refunded"
    Payment.objects.filter(pk=payment.pk).update(refund_reserved=Decimal("50000"))
    assert api(guest).get(path).json()["state"] == "refunded"


def test_odd_payment_addresses(api, guest):
    assert api(guest).get("payments/1").status_code == 404
    assert codes(api(guest).get("payments/00000000-0000-0000-0000-000000000000")) == ["unknown_payment"]


def test_an_unsigned_hint_decides_nothing(db, real_payu):
    """A notice without a signature about something we do not know is answered and leaves no trace."""
    notice = {"action": "refund", "token": "RF-unknown", "status": "success", "key": KEY}
    for _ in range(3):
        assert post_json(DOORS[0], notice).status_code == 200
    assert not GatewayEvent.objects.exists()
    assert not Payment.objects.exists()


def test_a_hint_in_many_dresses_is_one_event(started, gateway, monkeypatch):
    """P6: whoever knows a payment cannot fill the table with notices that differ in what proves nothing."""
    monkeypatch.setattr(gateway, "read_hint", lambda fields: hints.read(fields, key=KEY))
    txnid = started.txnid
    for number in range(5):
        notice = {"type": "payments", "event": "dispute", "txn_id": txnid, "cb_id": number, "amount": str(number)}
        assert post_json(DOORS[0], notice).status_code == 200
    assert GatewayEvent.objects.filter(txnid=txnid).count() == 1
