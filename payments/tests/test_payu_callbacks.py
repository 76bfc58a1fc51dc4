"""What a posted notice must be before anyone believes it. No database, no network."""

import random
from decimal import Decimal

import pytest
from django.http import QueryDict

from payments.gateways.base import ForgedCallback
from payments.gateways.payu.adapter import PayU
from payments.gateways.payu.hashes import ECHOED, UDFS
from payments.tests.payu_forms import KEY, OLD_SALT, SALT, SALT_256, signed

PAYU = PayU(
    key=KEY,
    salts=(SALT_256, SALT, OLD_SALT),
    payment_url="https://gateway.invalid/_payment",
    command_url="https://gateway.invalid/merchant/postservice.php?form=2",
    notify_url="https://site.invalid/webhook",
    fallback_email="stay@pema.example",
)


def test_a_genuine_success():
    callback = PAYU.read_callback(signed())
    assert callback.txnid == "WR260110A0001"
    assert callback.claimed == "captured"
    assert callback.amount == Decimal("50000.00")
    assert callback.gateway_id == "403993715500000001"
    assert callback.event_key == f"WR260110A0001:success:{signed()['hash'][:32]}"
    assert callback.masked["udf1"] == "BK-000123"


@pytest.mark.parametrize(
    ("status", "claimed"), [("success", "captured"), ("pending", "pending"), ("failure", "failed")]
)
@pytest.mark.parametrize("salt", [SALT, SALT_256, OLD_SALT])
def test_every_status_under_every_salt(status, claimed, salt):
    """P21: rotation; one event key for each status."""
    callback = PAYU.read_callback(signed(status=status, salt=salt))
    assert callback.claimed == claimed
    assert f":{status}:" in callback.event_key


def test_what_is_not_signed_makes_no_new_event():
    """P6: a replay with another gateway id or another bank reference is the same event."""
    form = signed()
    key = PAYU.read_callback(form).event_key
    for change in ({"mihpayid": "1"}, {"mihpayid": ""}, {"bank_ref_num": "x"}):
        assert PAYU.read_callback({**form, **change}).event_key == key
    assert PAYU.read_callback(signed(status="failure")).event_key != key


def test_a_form_and_json_read_alike():
    form = QueryDict(mutable=True)
    form.update(signed())
    as_json = {**signed(), "udf4": None, "field9": 7, "offers": ["x"], "mihpayid": 403993715500000001}
    assert PAYU.read_callback(form) == PAYU.read_callback(signed())
    assert PAYU.read_callback(as_json).event_key == PAYU.read_callback(form).event_key


@pytest.mark.parametrize("field", [*ECHOED, *UDFS, "key", "status", "hash"])
def test_each_signed_field_changed_dropped_or_bent(field):
    """P2, P3: one field at a time."""
    good = signed()
    value = good.get(field, "")
    worse = [
        value + "0",
        value[:-1] + "~",
        f" {value}",
        value.swapcase() + "é",
        value + "\x00",
        "x" * 1_000_000,
        f"{value}|x",
    ]
    bent = [[value], [value, value], {"a": value}, {"$ne": ""}, 5, 5.0, True, b"bytes", [[]]]
    for bad in [*worse, *bent]:
        with pytest.raises(ForgedCallback):
            PAYU.read_callback({**good, field: bad})
    if value:
        for bad in ("", None):
            with pytest.raises(ForgedCallback):
                PAYU.read_callback({**good, field: bad})
        with pytest.raises(ForgedCallback):
            PAYU.read_callback({name: kept for name, kept in good.items() if name != field})


@pytest.mark.parametrize("field", ["hash", "amount", "status", "txnid", "key"])
def test_arrays_in_a_posted_form(field):
    """P2: a repeated field, and PHP's bracket spelling."""
    twice = QueryDict(mutable=True)
    twice.update(signed())
    twice.appendlist(field, signed()[field])
    with pytest.raises(ForgedCallback):
        PAYU.read_callback(twice)
    for name in (f"{field}[]", f"{field}[0]"):
        with pytest.raises(ForgedCallback):
            PAYU.read_callback({**signed(), name: signed()[field]})


def test_another_merchants_genuine_form_is_not_ours():
    """P2, P5: our own key is in the string, whatever was posted."""
    stranger = PayU(**{**PAYU.__dict__, "key": "other"})
    with pytest.raises(ForgedCallback):
        stranger.read_callback(signed())
    with pytest.raises(ForgedCallback):
        PAYU.read_callback({**signed(), "key": "other"})


@pytest.mark.parametrize(
    "amount", ["0x10", "NaN", "Infinity", "-1.00", "1e5", "₹50,000", "50000.004", "", "10000000000000"]
)
def test_a_signed_form_with_a_nonsense_amount(amount):
    """P19: even when the hash is right."""
    with pytest.raises(ForgedCallback):
        PAYU.read_callback(signed(amount=amount))


@pytest.mark.parametrize("status", ["Success", "captured", "SUCCESS", "success "])
def test_a_signed_form_with_an_unknown_status(status):
    with pytest.raises(ForgedCallback):
        PAYU.read_callback(signed(status=status))


@pytest.mark.parametrize("junk", [{}, {"hash": ""}, {"hash": "0" * 128}, {"": ""}, {"a" * 10_000: "b" * 1_000_000}])
def test_junk(junk):
    with pytest.raises(ForgedCallback):
        PAYU.read_callback(junk)


def test_ten_thousand_mutated_bodies():
    """P2: one random character changed anywhere in what is signed; none passes."""
    chance, good = random.Random(20260110), signed()
    names = [name for name in (*ECHOED, *UDFS, "key", "status", "hash") if good.get(name)]
    passed = 0
    for _ in range(10_000):
        name = chance.choice(names)
        value = good[name]
        place = chance.randrange(len(value))
        letter = chance.choice("0123456789abcdefXYZ|. -\x00é")
        mutated = value[:place] + letter + value[place + chance.randrange(2) :]
        if mutated == value:
            continue
        try:
            PAYU.read_callback({**good, name: mutated})
        except ForgedCallback:
            continue
        passed += 1
    assert passed == 0


def test_cards_are_masked_and_people_left_out():
    kept = PAYU.read_callback(
        {
            **signed(),
            "cardnum": "4111111111111111",
            "field9": "card 4111 1111 1111 1111 declined",
            "name_on_card": "ASHA RAO",
            "address1": "12 Hill Road",
            "error_Message": "x" * 100_000,
        }
    ).masked
    assert kept["cardnum"] == "xxxx1111"
    assert "4111 1111" not in kept["field9"]
    assert not {"name_on_card", "address1", "email", "phone", "firstname", "hash"} & set(kept)
    assert max(map(len, kept.values())) <= 255


def test_refund_and_dispute_notices_are_only_hints():
    refund = {
        "key": KEY,
        "amt": "100.00",
        "mihpayid": " 4039 93715500000001 ",
        "request_id": "1300001",
        "token": "RF2601100001",
        "merchantTxnId": "WR260110A0001",
        "status": "success",
        "action": "refund",
    }
    hint = PAYU.read_hint(refund)
    assert hint is not None
    assert (hint.kind, hint.gateway_id, hint.token) == ("refund", "403993715500000001", "RF2601100001")
    with pytest.raises(ForgedCallback):
        PAYU.read_callback(refund)
    dispute = PAYU.read_hint({"type": "payments", "event": "dispute", "cb_id": 7, "txn_id": "WR260110A0001"})
    assert dispute is not None
    assert (dispute.kind, dispute.txnid) == ("dispute", "WR260110A0001")
    assert PAYU.read_hint({**refund, "key": "other"}) is None
    assert PAYU.read_hint({"action": ["refund"], "event": {"dispute": 1}}) is None
    assert PAYU.read_hint(signed()) is None
