"""The hosted page, as a merchant's guest meets it. Nothing here needs JavaScript."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from payments.gateways import registry
from payments.gateways.base import AttemptFacts
from payments.simulator import clock, outcomes
from payments.simulator.models import Delivery, Transaction
from payments.tests.payu_forms import KEY, SALT

pytestmark = [pytest.mark.django_db, pytest.mark.urls("payments.tests.sandbox_urls")]
FACTS = AttemptFacts(
    txnid="WR1",
    amount=Decimal("50000.00"),
    product="Detox 7 Nights",
    first_name="Asha",
    email="asha@example.com",
    phone="9876543210",
    return_url="http://merchant.example/payments/payu/return",
    udf=("PW-1", "deposit"),
)


@pytest.fixture(autouse=True)
def merchant(settings):
    settings.PAYU_MERCHANT_KEY, settings.PAYU_MERCHANT_SALT, settings.PAYU_SALT_256 = KEY, SALT, ""
    settings.PAYU_PREVIOUS_SALTS, settings.PAYU_SPLIT_INFO_HASHED = [], False
    return registry.gateway("payu")


def checkout(merchant, **changes):
    return merchant.checkout(replace(FACTS, **changes)).fields


def post_form(client, form):
    return client.post(reverse("payusim:payment"), form)


def play(client, merchant, outcome, mode="CC", **changes):
    """Through the page to the return form; answers the last page."""
    opened = post_form(client, checkout(merchant, **changes))
    assert opened.status_code == 302
    assert "Detox 7 Nights" in client.get(opened.url).content.decode()
    chosen = client.post(opened.url, {"outcome": outcome, "mode": mode})
    assert chosen.status_code == 302
    return client.get(chosen.url)


def returned(page) -> dict[str, str]:
    """The fields of the form that goes back to the merchant."""
    html = page.content.decode()
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', html)
    return {name: unescape(value) for name, value in found}


@pytest.mark.parametrize(
    ("outcome", "claimed", "notices"),
    [
        ("success", "captured", 1),
        ("duplicates", "captured", 3),
        ("failure", "failed", 1),
        ("cancelled", "failed", 1),
        ("pending_success", "pending", 0),
        ("pending_failure", "pending", 0),
    ],
)
def test_each_outcome_that_returns(client, merchant, outcome, claimed, notices):
    page = play(client, merchant, outcome, mode="UPI")
    assert 'action="http://merchant.example/payments/payu/return"' in page.content.decode()
    assert "form-action 'self' http://merchant.example" in page["Content-Security-Policy"]
    callback = merchant.read_callback(returned(page))
    assert (callback.claimed, callback.txnid, callback.amount) == (claimed, "WR1", Decimal("50000.00"))
    assert callback.masked["udf1"] == "PW-1"
    assert Delivery.objects.count() == notices


@pytest.mark.parametrize(("outcome", "notices"), [("closed_tab", 1), ("silent", 0)])
def test_a_closed_tab_carries_nothing_back(client, merchant, outcome, notices):
    """P9: only the server call tells, or nobody does."""
    page = play(client, merchant, outcome)
    assert returned(page) == {}
    assert Transaction.objects.get().state == "captured"
    assert Delivery.objects.count() == notices


@pytest.mark.parametrize(("outcome", "end"), [("pending_success", "captured"), ("pending_failure", "failed")])
def test_a_pending_payment_ends_later_and_tells_so(client, merchant, settings, outcome, end):
    settings.PAYU_SIM_PENDING_SECONDS = 20
    play(client, merchant, outcome)
    now = timezone.now()
    assert clock.advance(at=now + timedelta(seconds=10)) == 0
    assert clock.advance(at=now + timedelta(seconds=21)) == 1
    assert Transaction.objects.get().state == end
    assert Delivery.objects.count() == 1
    assert clock.advance(at=now + timedelta(days=1)) == 0


def test_a_page_that_nobody_finishes_is_dropped(client, merchant):
    post_form(client, checkout(merchant))
    clock.advance(at=timezone.now() + timedelta(minutes=31))
    assert Transaction.objects.get().unmapped == "dropped"
    assert Delivery.objects.count() == 0


@pytest.mark.parametrize(
    "field", ["key", "txnid", "amount", "productinfo", "firstname", "email", "udf1", "udf5", "hash"]
)
def test_a_form_that_was_changed_meets_e700(client, merchant, field):
    form = checkout(merchant)
    page = post_form(client, {**form, field: form[field] + "1"})
    assert page.status_code == 400
    assert "E700" in page.content.decode()
    assert not Transaction.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"surl": ""},
        {"surl": "javascript:alert(1)"},
        {"furl": "//evil"},
        {"surl": "http://[bad"},
        {"phone": "x" * 51},
        {"surl": "http://a\x00b/"},
    ],
)
def test_unsigned_fields_are_looked_at_too(client, merchant, changes):
    page = post_form(client, {**checkout(merchant), **changes})
    assert page.status_code == 400
    assert not Transaction.objects.exists()


@pytest.mark.parametrize(
    "junk", [{}, {"key": KEY}, {"hash": "é" * 10}, {"key": "\x00"}, {"key": KEY, "txnid": "x" * 900_000}]
)
def test_junk_is_refused_kindly(client, merchant, junk):
    assert post_form(client, junk).status_code == 400
    assert not Transaction.objects.exists()


def test_a_txnid_succeeds_once(client, merchant):
    play(client, merchant, "success")
    page = post_form(client, checkout(merchant))
    assert page.status_code == 409
    assert Transaction.objects.count() == 1


def test_a_failed_txnid_may_be_tried_again_and_an_open_one_finds_its_page(client, merchant):
    first, second = (post_form(client, checkout(merchant)).url for _ in range(2))
    assert first == second
    client.post(first, {"outcome": "failure", "mode": "CC"})
    play(client, merchant, "success")
    assert sorted(Transaction.objects.values_list("state", flat=True)) == ["captured", "failed"]


def test_a_second_click_changes_nothing(client, merchant):
    play(client, merchant, "success")
    before = Transaction.objects.values().get()
    page = reverse("payusim:page", args=[before["page_key"]])
    assert client.post(page, {"outcome": "failure", "mode": "UPI"}).status_code == 302
    assert client.get(page).status_code == 302
    assert Transaction.objects.values().get() == before
    assert Delivery.objects.count() == 1


def test_one_txnid_on_two_pages_is_paid_once(client, merchant):
    opened = Transaction.objects.get(page_key=post_form(client, checkout(merchant)).url.split("/")[-1])
    twin = Transaction.objects.get(pk=opened.pk)
    twin.pk, twin.page_key, twin.mihpayid = None, "twin", "403993000000000001"
    twin.save()
    outcomes.choose(opened, outcome="success", mode="CC", at=timezone.now())
    page = client.post(reverse("payusim:page", args=["twin"]), {"outcome": "success", "mode": "CC"})
    assert page.status_code == 409
    twin.refresh_from_db()
    assert (twin.state, twin.bank_ref_num) == ("started", "")
    Transaction.objects.filter(pk=twin.pk).update(state="pending", outcome="pending_success", resolve_at=timezone.now())
    clock.advance(at=timezone.now())
    twin.refresh_from_db()
    assert twin.state == "failed"
    assert Delivery.objects.filter(key__contains=":success:").count() == 1


@pytest.mark.parametrize("choice", [{}, {"outcome": "free"}, {"outcome": "success", "mode": "gold"}])
def test_an_unknown_choice_is_refused(client, merchant, choice):
    url = post_form(client, checkout(merchant)).url
    page = client.post(url, choice)
    assert page.status_code == 400
    assert Transaction.objects.get().state == "started"


def test_no_get_changes_state(client, merchant):
    url = post_form(client, checkout(merchant)).url
    before = list(Transaction.objects.values())
    for address in (url, f"{url}/return", reverse("payusim:books"), reverse("payusim:faults")):
        assert client.get(address).status_code in (200, 302)
    for name in ("payment", "postservice"):
        assert client.get(reverse(f"payusim:{name}")).status_code == 405
    assert client.get(reverse("payusim:resolve", args=["1"])).status_code == 405
    assert list(Transaction.objects.values()) == before


def test_pages_are_marked_and_carry_no_inline_code(client, merchant):
    url = post_form(client, checkout(merchant)).url
    pages = [client.get(url), client.get(reverse("payusim:books")), play(client, merchant, "success", txnid="WR2")]
    for page in pages:
        html = page.content.decode()
        assert "PayU simulator" in html
        assert "no real money" in html
        assert not re.search(r"<style|style=|<script(?![^>]*src=)|\son\w+=", html)


def test_a_surcharge_changes_the_hash_and_not_the_asked_amount(client, merchant):
    """P18"""
    client.post(
        reverse("payusim:faults"),
        {"target": "payment", "kind": "surcharge", "amount": "12.00"},
        content_type="application/json",
    )
    form = returned(play(client, merchant, "success"))
    assert form["additionalCharges"] == "12.00"
    assert merchant.read_callback(form).amount == Decimal("50000.00")


def test_values_are_shown_as_text(client, merchant):
    url = post_form(client, checkout(merchant)).url
    Transaction.objects.update(productinfo="<script>alert(1)</script>")
    assert "<script>alert" not in client.get(url).content.decode()


def test_the_books_show_money_and_no_people(client, merchant):
    play(client, merchant, "pending_success")
    payment = Transaction.objects.get()
    html = client.get(reverse("payusim:books")).content.decode()
    assert payment.mihpayid in html
    assert "Asha" not in html
    assert "asha@example.com" not in html
    assert payment.page_key not in html
    client.post(reverse("payusim:resolve", args=[payment.mihpayid]), {"result": "failure"})
    client.post(reverse("payusim:resolve", args=[payment.mihpayid]), {"result": "success"})
    payment.refresh_from_db()
    assert payment.state == "failed"
