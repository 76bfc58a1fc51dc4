"""One contract, two far sides: the simulator, and what PayU documents. Both over real HTTP."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.utils import timezone

from payments.gateways.base import GatewayRefused
from payments.gateways.payu.adapter import PayU
from payments.simulator import clock, outcomes
from payments.simulator.models import Refund, Transaction
from payments.tests.payu_forms import KEY, SALT
from payments.tests.payu_worlds import adapter, far_side, recorded

pytestmark = pytest.mark.urls("payments.tests.sandbox_urls")


@dataclass
class World:
    """A far side where WRCAPTURED is paid, WRPENDING and WRFAILED are what they say, and two refunds have ended."""

    payu: PayU
    captured: str
    failed: str
    done_request: str


@pytest.fixture(params=[pytest.param("simulator", marks=pytest.mark.django_db(transaction=True)), "recorded"])
def world(request, settings) -> Iterator[World]:
    if request.param == "recorded":
        with far_side(recorded) as url:
            yield World(adapter(url), "403993715500000001", "403993715500000003", "130000002")
        return
    live = request.getfixturevalue("live_server")
    settings.PAYU_MERCHANT_KEY, settings.PAYU_MERCHANT_SALT, settings.PAYU_SALT_256 = KEY, SALT, ""
    payu = adapter(f"{live.url}/sandbox/payu/merchant/postservice.php?form=2")
    yield _played(payu)


def _played(payu: PayU) -> World:
    ids = {}
    for txnid, outcome in (("WRCAPTURED", "success"), ("WRPENDING", "pending_success"), ("WRFAILED", "failure")):
        opened = _open(txnid)
        outcomes.choose(opened, outcome=outcome, mode="CC", at=timezone.now())
        ids[txnid] = opened.mihpayid
    ended = []
    for token, amount, success in (("RFTWICE", "100.00", True), ("RFBROKEN", "200.00", False)):
        payu.refund(gateway_id=ids["WRCAPTURED"], token=token, amount=Decimal(amount), remarks="test")
        refund = Refund.objects.get(token=token)
        clock.settle_refund(refund, success=success, at=timezone.now())
        ended.append(refund.request_id)
    return World(payu, ids["WRCAPTURED"], ids["WRFAILED"], ended[0])


def _open(txnid: str, amount: str = "50000.00") -> Transaction:
    texts = dict.fromkeys(("productinfo", "firstname", "phone"), "x")
    urls = dict.fromkeys(("surl", "furl"), "http://site.invalid/")
    return Transaction.objects.create(
        txnid=txnid, amount=Decimal(amount), amount_text=amount, email="a@example.com", **texts, **urls
    )


def test_a_captured_payment(world):
    told = world.payu.verify("WRCAPTURED")
    assert (told.outcome, told.txnid, told.amount) == ("captured", "WRCAPTURED", Decimal("50000.00"))
    assert told.gateway_id == world.captured
    assert told.bank_reference
    assert told.mode == "CC"
    assert told.masked["card_no"] == "xxxx1112"


def test_a_pending_a_failed_and_an_unknown_payment(world):
    assert world.payu.verify("WRPENDING").outcome == "pending"
    assert world.payu.verify("WRFAILED").outcome == "failed"
    assert world.payu.verify("WRNOBODY").outcome == "not_found"


def test_a_refund_is_accepted_not_done(world):
    told = world.payu.refund(gateway_id=world.captured, token="RFNEW", amount=Decimal("300.00"), remarks="Cancelled")
    assert told.state == "queued"
    assert told.request_id.startswith("13")


def test_the_same_token_finds_its_refund_instead_of_paying_twice(world):
    """R1: the answer was lost, the same token is sent again."""
    told = world.payu.refund(gateway_id=world.captured, token="RFTWICE", amount=Decimal("100.00"), remarks="")
    assert (told.state, told.request_id) == ("done", world.done_request)


@pytest.mark.parametrize("request_known", [True, False])
def test_a_refund_is_found_by_request_id_or_by_token(world, request_known):
    known = world.done_request if request_known else ""
    told = world.payu.refund_status(gateway_id=world.captured, token="RFTWICE", request_id=known)
    assert (told.state, told.request_id) == ("done", world.done_request)
    assert told.bank_reference
    assert world.payu.refund_status(gateway_id=world.captured, token="RFBROKEN").state == "failed"


def test_a_wrong_request_id_still_finds_the_token(world):
    told = world.payu.refund_status(gateway_id=world.captured, token="RFTWICE", request_id="130000009")
    assert told.state == "done"


def test_no_such_refund(world):
    assert world.payu.refund_status(gateway_id=world.captured, token="RFNEVER").state == "not_found"
    assert world.payu.refund_status(gateway_id=world.failed, token="RFTWICE").state == "not_found"


def test_all_refunds_of_a_txnid(world):
    found = world.payu.refunds_of("WRCAPTURED")
    assert {token: told.state for token, told in found.items()} == {"RFTWICE": "done", "RFBROKEN": "failed"}
    assert world.payu.refunds_of("WRPENDING") == {}


def test_refusals_say_whether_to_come_again(world):
    """R5: never above what is held, never out of a payment that holds nothing."""
    cases = [
        (world.captured, "RFTOOMUCH", "50000.01", "105"),
        (world.failed, "RFWRONGSTATE", "1.00", "111"),
        ("999999999999999999", "RFUNKNOWN", "1.00", "116"),
    ]
    for gateway_id, token, amount, code in cases:
        with pytest.raises(GatewayRefused) as refused:
            world.payu.refund(gateway_id=gateway_id, token=token, amount=Decimal(amount), remarks="")
        assert (refused.value.permanent, refused.value.gateway_code) == (True, code)
    with pytest.raises(GatewayRefused) as refused:
        world.payu.refund(gateway_id=world.captured, token="RFSOON", amount=Decimal("100.00"), remarks="")
    assert (refused.value.permanent, refused.value.gateway_code) == (False, "214")
