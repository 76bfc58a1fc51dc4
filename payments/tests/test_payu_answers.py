"""Every answer PayU may give, and every way in which it may give none."""

import json
import socket
import time
from decimal import Decimal

import pytest

from payments.gateways.base import GatewayRefused, GatewayUnclear
from payments.gateways.payu import payloads, refunds, statuses, verification
from payments.tests.payu_forms import KEY, SALT, by_name
from payments.tests.payu_worlds import RECORDED, adapter, far_side

TXNID = "WRCAPTURED"
ROW = RECORDED[f"verify_payment {TXNID}"]["transaction_details"][TXNID]


def verified(**changes):
    return verification.read({"status": 1, "transaction_details": {TXNID: {**ROW, **changes}}}, TXNID)


@pytest.mark.parametrize(
    ("unmapped", "status", "outcome"),
    [
        ("captured", "success", "captured"),
        ("auth", "success", "authorised"),
        ("initiated", "pending", "pending"),
        ("in progress", "pending", "pending"),
        ("pending", "pending", "pending"),
        ("userCancelled", "failure", "failed"),
        ("bounced", "failure", "failed"),
        ("dropped", "failure", "failed"),
        ("failed", "failure", "failed"),
        ("autoRefund", "failure", "returned"),
        ("captured", "failure", "pending"),
        ("captured", "pending", "pending"),
        ("failed", "success", "pending"),
        ("", "success", "pending"),
        ("", "", "pending"),
        ("brand new word", "success", "pending"),
    ],
)
def test_payment_words(unmapped, status, outcome):
    """P8, P10: only a pair that belongs together settles a payment."""
    assert verified(unmappedstatus=unmapped, status=status).outcome == outcome


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("QUEUED", "queued"),
        ("REQUESTED", "queued"),
        ("od_hit", "queued"),
        ("IN PROGRESS", "in_progress"),
        ("in_progress", "in_progress"),
        ("SUCCESS", "done"),
        ("Success", "done"),
        ("FAILURE", "failed"),
        ("", "in_progress"),
        ("brand new word", "in_progress"),
    ],
)
def test_refund_words(word, state):
    """R7: an unknown word is neither paid back nor failed."""
    assert statuses.refund_state(word) == state


@pytest.mark.parametrize(
    ("figures", "amount"),
    [
        ({}, "50000.00"),
        ({"amt": 50000, "net_amount_debit": "50000"}, "50000.00"),
        ({"amt": "50012.00", "net_amount_debit": "50012.00", "additional_charges": "12.00"}, "50000.00"),
        ({"net_amount_debit": "50012.00", "additional_charges": "12.00"}, "50000.00"),
        ({"net_amount_debit": "49000.00", "disc": "1000.00"}, "50000.00"),
        ({"transaction_amount": None}, "50000.00"),
        ({"amt": "1.00", "transaction_amount": "1.00", "net_amount_debit": "1.00"}, "1.00"),
        ({"amt": "1.00"}, "0.00"),
        ({"net_amount_debit": "1.00"}, "0.00"),
        ({"net_amount_debit": "0"}, "0.00"),
        ({"transaction_amount": "1.00"}, "0.00"),
        ({"net_amount_debit": "50012.00"}, "0.00"),
        ({"amt": None, "transaction_amount": None}, "0.00"),
        ({"amt": "NaN", "transaction_amount": "1e9", "net_amount_debit": ""}, "0.00"),
        ({"amt": {"a": 1}, "transaction_amount": [50000], "net_amount_debit": None}, "0.00"),
    ],
)
def test_the_amount_to_compare(figures, amount):
    """P8, P18: surcharge and discount explained; what does not add up equals no attempt."""
    assert verified(**figures).amount == Decimal(amount)


def test_before_money_moved_a_debit_of_nought_says_nothing():
    assert verified(status="pending", unmappedstatus="pending", net_amount_debit=0).amount == Decimal("50000.00")


@pytest.mark.parametrize("details", [[ROW], {"0": ROW}, {"403993715500000001": ROW}, {"403993715500000001": [ROW]}])
def test_records_however_they_are_nested(details):
    assert verification.read({"status": "1", "transaction_details": details}, TXNID).outcome == "captured"


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"status": 1},
        {"status": 1, "transaction_details": None},
        {"status": 1, "transaction_details": "captured"},
        {"status": 1, "transaction_details": {"WROTHER": {**ROW, "txnid": "WROTHER"}}},
        {"status": 1, "transaction_details": {TXNID: {**ROW, "txnid": "WROTHER"}}},
        {"status": 0, "msg": "Something went wrong"},
    ],
)
def test_an_answer_about_nothing_or_another_payment_is_unclear(answer):
    """P7, P15"""
    with pytest.raises(GatewayUnclear):
        verification.read(answer, TXNID)


@pytest.mark.parametrize("message", ["Invalid Hash.", "Invalid merchant key"])
def test_wrong_credentials_are_a_refusal_for_good(message):
    """P22"""
    with pytest.raises(GatewayRefused) as refused:
        verification.read({"status": 0, "msg": message}, TXNID)
    assert refused.value.permanent


def test_not_found_in_every_dress():
    for answer in (
        {"status": 0, "transaction_details": {TXNID: {"mihpayid": "Not Found", "status": "Not Found"}}},
        {"status": 0, "transaction_details": {TXNID: {"mihpayid": "Not Found"}}},
        {"status": "0", "msg": "0 out of 1 Transactions Fetched Successfully"},
    ):
        assert verification.read(answer, TXNID).outcome == "not_found"


def test_what_is_kept_of_an_answer_holds_no_card_and_no_person():
    kept = verified(card_no="4012001037141112", firstname="Asha", email="a@example.com", phone="98").masked
    assert kept["card_no"] == "xxxx1112"
    assert not {"firstname", "email", "phone"} & set(kept)


SICK = {
    "500": (500, b"Internal Server Error"),
    "503": (503, b""),
    "404": (404, b"{}"),
    "redirect": (302, b""),
    "html": (200, b"<html><body>maintenance</body></html>"),
    "php": (200, b'a:1:{s:6:"status";i:1;}'),
    "empty": (200, b""),
    "cut": (200, b'{"status": 1, "transaction_details": {'),
    "list": (200, b"[1]"),
    "number": (200, b"1"),
    "null": (200, b"null"),
    "nan": (200, b'{"status": NaN}'),
    "bytes": (200, b"\xff\xfe\x00\x80"),
    "deep": (200, b"[" * 100_000),
    "long": (200, b" " * (9 * 1024 * 1024)),
}


@pytest.mark.parametrize("name", SICK)
def test_a_sick_gateway_is_unclear_never_a_no(name):
    """P15: for a payment and for a refund alike."""
    with far_side(lambda form: SICK[name]) as url:
        payu = adapter(url)
        for ask in (
            lambda: payu.verify(TXNID),
            lambda: payu.refund(gateway_id="1", token="RF1", amount=Decimal("1.00"), remarks=""),
            lambda: payu.refund_status(gateway_id="1", token="RF1", request_id="13"),
            lambda: payu.refunds_of(TXNID),
        ):
            with pytest.raises(GatewayUnclear) as unclear:
                ask()
            assert unclear.value.sent


def test_a_slow_gateway_is_unclear():
    """P15, R1: PayU may have done it all the same."""

    def slow(form):
        time.sleep(1)
        return 200, b"{}"

    with far_side(slow) as url, pytest.raises(GatewayUnclear) as unclear:
        adapter(url, read_seconds=0.2).verify(TXNID)
    assert unclear.value.sent


def test_nobody_at_the_door():
    """R2: certainly not sent."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
    with pytest.raises(GatewayUnclear) as unclear:
        adapter(url).verify(TXNID)
    assert not unclear.value.sent


def test_the_posted_commands_are_the_documented_ones():
    seen = []

    def note(form):
        seen.append(form)
        return 200, json.dumps(
            {"status": 1, "error_code": 102, "request_id": "13", "msg": "Refund Request Queued"}
        ).encode()

    with far_side(note) as url:
        payu = adapter(url)
        payu.refund(
            gateway_id="403993715500000001",
            token="RF2601100001",
            amount=Decimal("12500"),
            remarks="Cancelled | by guest",
        )
        with pytest.raises(GatewayUnclear):
            payu.verify("WR260110A0001")
    refund, verify = seen
    assert refund == {
        "key": KEY,
        "command": "cancel_refund_transaction",
        "var1": "403993715500000001",
        "var2": "RF2601100001",
        "var3": "12500.00",
        "var5": "http://site.invalid/api/v1/payments/webhook",
        "var9": '{"refundDetails": {"remarks": "Cancelled by guest"}}',
        "hash": by_name("cmd_cancel_refund_transaction")["sha512"],
    }
    assert verify["hash"] == by_name("cmd_verify_payment")["sha512"]
    assert SALT not in str(seen)


@pytest.mark.parametrize("amount", ["0", "-1.00"])
def test_a_refund_of_nothing_never_leaves(amount):
    """R5"""
    with far_side(lambda form: pytest.fail("called")) as url, pytest.raises(GatewayRefused):
        adapter(url).refund(gateway_id="1", token="RF1", amount=Decimal(amount), remarks="")


@pytest.mark.parametrize("wrong", [{"token": "x" * 24}, {"token": ""}, {"gateway_id": ""}, {"gateway_id": "1|2"}])
def test_a_refund_that_cannot_be_named_never_leaves(wrong):
    facts = {"gateway_id": "1", "token": "RF1", "amount": Decimal("1.00"), "remarks": "", **wrong}
    with far_side(lambda form: pytest.fail("called")) as url, pytest.raises(GatewayRefused):
        adapter(url).refund(**facts)


class Spoken:
    """A client that answers from a list."""

    def __init__(self, *answers):
        self.answers = list(answers)

    def call(self, command, var1, **others):
        return self.answers.pop(0)


REFUND = {"gateway_id": "1", "token": "RF1", "amount": Decimal("1.00"), "remarks": "", "notify_url": ""}


@pytest.mark.parametrize("code", ["106", 106, "109", "227"])
def test_a_known_token_without_a_refund_to_show_is_unclear(code):
    """R1: neither asked again nor given up."""
    with pytest.raises(GatewayUnclear):
        refunds.ask(Spoken({"status": 0, "error_code": code}, {"status": 0, "msg": "No action status found"}), **REFUND)


@pytest.mark.parametrize(
    ("code", "permanent"),
    [
        ("105", True),
        ("111", True),
        ("116", True),
        ("255", True),
        ("266", True),
        ("214", False),
        ("225", False),
        ("777", False),
    ],
)
def test_refund_refusals(code, permanent):
    with pytest.raises(GatewayRefused) as refused:
        refunds.ask(Spoken({"status": 0, "error_code": code, "msg": "no"}), **REFUND)
    assert refused.value.permanent is permanent


@pytest.mark.parametrize("answer", [{}, {"status": 1}, {"status": 1, "msg": "fine"}])
def test_a_refund_answer_without_a_code_is_unclear(answer):
    with pytest.raises(GatewayUnclear):
        refunds.ask(Spoken(answer), **REFUND)


def test_a_row_of_another_token_is_not_our_refund():
    row = {"request_id": "13", "action": "refund", "token": "RFOTHER", "status": "SUCCESS"}
    told = refunds.look_up(
        Spoken({"transaction_details": {"13": {"13": row}}}, {"transaction_details": {"1": {"13": row}}}),
        gateway_id="1",
        token="RF1",
        request_id="13",
    )
    assert told.state == "not_found"


def test_rows_survive_endless_nesting():
    nested: object = "x"
    for _ in range(500):
        nested = {"a": nested}
    assert list(payloads.rows(nested)) == []
