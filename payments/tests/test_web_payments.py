"""Hand-off, return and waiting: forged notices leave nothing, a stranger learns nothing, looking changes nothing."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from accounts.web import keyring
from payments.domain import capture
from payments.models import GatewayEvent, Payment

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def payment(stays) -> Payment:
    return stays.started(stays.held(), "deposit")


def remembering(client, subject: str) -> None:
    """The session has opened the signed link of `subject`."""
    session = client.session
    session[keyring.KEY] = [subject]
    session.save()


def page(payment, name="status") -> str:
    return reverse(f"payments:{name}", args=[payment.public_id])


@pytest.mark.parametrize(
    "fields",
    [{}, {"hash": "bad", "txnid": "x"}, {"hash": ["", "good"][0], "status": "success", "amount": "50000.00"}],
)
def test_a_forged_return_stores_nothing(client, payment, fields):
    """P5: 400, no event, no change."""
    answer = client.post(reverse("payments:return"), {"txnid": payment.txnid, **fields})
    assert answer.status_code == 400
    assert not GatewayEvent.objects.exists()
    payment.refresh_from_db()
    assert payment.state == "initiated"


def test_a_forged_return_is_refused_by_the_real_signature(client, stays, settings, monkeypatch):
    """P5: the same with PayU's own hashes."""
    from payments.gateways import registry
    from payments.gateways.payu.adapter import PayU

    payment = stays.started(stays.held(), "deposit")
    real = PayU(
        key="gtKFFx",
        salts=("salt",),
        payment_url="https://test.payu.in/_payment",
        command_url="https://test.payu.in/x",
        notify_url="http://testserver/hook",
        fallback_email="stay@pema.example",
        split_hashed=False,
        connect_seconds=1,
        read_seconds=1,
    )
    monkeypatch.setattr(registry, "gateway", lambda code: real)
    form = {"key": "gtKFFx", "txnid": payment.txnid, "status": "success", "amount": "50000.00", "hash": "0" * 128}
    assert client.post(reverse("payments:return"), form).status_code == 400
    assert not GatewayEvent.objects.exists()


def test_a_genuine_return_is_kept_once_and_leads_on(client, payment):
    """P4: pressed twice it is one event; no session and no token are needed."""
    form = {"txnid": payment.txnid, "hash": "good", "amount": "50000.00"}
    for _ in range(3):
        answer = client.post(reverse("payments:return"), form)
        assert (answer.status_code, answer["Location"]) == (303, page(payment))
    event = GatewayEvent.objects.get()
    assert (event.source, event.txnid) == ("return", payment.txnid)
    payment.refresh_from_db()
    assert payment.state == "initiated"  # a notice is only a claim


def test_a_genuine_return_of_an_unknown_payment_is_404(client, retreat, gateway):
    answer = client.post(reverse("payments:return"), {"txnid": "PWunknown", "hash": "good"})
    assert answer.status_code == 404


def test_the_return_takes_posts_only(client, retreat):
    assert client.get(reverse("payments:return")).status_code == 405


def test_the_waiting_page_asks_again_by_itself_and_tells_no_names(client, payment):
    """Without a session: amount and reference, nothing personal."""
    answer = client.get(page(payment))
    text = answer.content.decode()
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    assert "http-equiv" in text and page(payment, "news") in text
    assert "₹50,000" in text
    for private in (payment.folio.payer_name, payment.folio.payer_email, payment.folio.payer_phone):
        assert private not in text
    assert client.get(page(payment, "news")).json()["done"] is False


def test_a_stranger_sees_thanks_but_is_not_led_to_the_stay(client, payment, stays):
    stays.gateway.pays(payment)
    capture.confirm(payment, at=stays.at)
    answer = client.get(page(payment))
    assert answer.status_code == 200
    assert payment.folio.payer_email not in answer.content.decode()
    assert client.get(page(payment, "news")).json() == {"done": True, "location": page(payment)}


@pytest.mark.parametrize(("outcome", "name"), [("captured", "bookings:stay"), ("failed", "bookings:pay")])
def test_the_guest_is_led_on(client, payment, stays, outcome, name):
    remembering(client, payment.folio.subject)
    stays.gateway.pays(payment, outcome=outcome)
    capture.confirm(payment, at=stays.at)
    answer = client.get(page(payment))
    reference = payment.folio.subject.partition(":")[2]
    assert answer["Location"] == f"{reverse(name, args=[reference])}?payment={payment.public_id}"
    assert client.get(answer["Location"]).status_code == 200


def test_money_that_has_not_reached_the_stay_yet_is_waited_for(client, payment):
    Payment.objects.filter(pk=payment.pk).update(state="captured", applied_at=None)
    assert client.get(page(payment, "news")).json()["done"] is False
    assert "Your payment has arrived" in client.get(page(payment)).content.decode()


def test_the_hand_off_is_for_the_payer_only(client, payment, other_guest):
    """Z1: it carries the payer's name and address to the gateway."""
    assert client.get(page(payment, "handoff")).status_code == 404
    client.force_login(other_guest)
    assert client.get(page(payment, "handoff")).status_code == 404
    remembering(client, payment.folio.subject)
    assert client.get(page(payment, "handoff")).status_code == 200


def test_an_ended_attempt_is_not_handed_over_again(client, payment, stays):
    remembering(client, payment.folio.subject)
    stays.gateway.pays(payment)
    capture.confirm(payment, at=stays.at)
    assert client.get(page(payment, "handoff"))["Location"] == page(payment)


def test_an_unknown_payment_is_404(client, retreat):
    for name in ("status", "news", "handoff"):
        assert client.get(reverse(f"payments:{name}", args=[uuid.uuid4()])).status_code == 404
