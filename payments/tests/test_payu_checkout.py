"""The form we hand to the guest's browser."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.errors import Invalid, Missing
from payments.gateways import registry
from payments.gateways.base import AttemptFacts
from payments.gateways.payu import text
from payments.tests.payu_forms import KEY, SALT, by_name
from payments.tests.payu_worlds import adapter

PAYU = adapter("http://gateway.invalid")
FACTS = AttemptFacts(
    txnid="WR260110A0001",
    amount=Decimal("50000.00"),
    product="Panchakarma Retreat 7 Nights",
    first_name="Asha",
    email="asha.rao@example.com",
    phone="+91 98765 43210",
    return_url="https://stay.example/payments/payu/return",
    udf=("BK-000123", "deposit", "PROP-01", "", "INV-26-0001"),
)


def test_the_form_is_the_documented_one():
    checkout = PAYU.checkout(FACTS)
    assert (checkout.method, checkout.url) == ("form_post", "http://gateway.invalid/_payment")
    assert checkout.fields == {
        **{name: value for name, value in by_name("req_udf")["fields"].items() if name != "phone"},
        "phone": "919876543210",
        "surl": FACTS.return_url,
        "furl": FACTS.return_url,
        "hash": by_name("req_udf")["sha512"],
    }
    assert SALT not in str(checkout)


def test_without_udf():
    fields = PAYU.checkout(replace(FACTS, udf=())).fields
    assert fields["hash"] == by_name("req_plain_v1")["sha512"]


@pytest.mark.parametrize("amount", ["50000", "50000.0", "50000.00"])
def test_the_amount_always_has_two_decimals(amount):
    assert PAYU.checkout(replace(FACTS, amount=Decimal(amount))).fields["amount"] == "50000.00"


@pytest.mark.parametrize("amount", ["0", "0.99", "-1", "0.001", "1e10", "NaN", "Infinity", "50000.004"])
def test_amounts_that_cannot_be_asked(amount):
    """P19"""
    with pytest.raises(Invalid):
        PAYU.checkout(replace(FACTS, amount=Decimal(amount)))


@pytest.mark.parametrize(
    "wrong",
    [
        {"txnid": ""},
        {"txnid": "x" * 26},
        {"txnid": "WR|1"},
        {"txnid": "WR\x001"},
        {"udf": ("a|b",)},
        {"udf": ("a",) * 6},
        {"udf": ("x" * 256,)},
        {"return_url": "/relative"},
        {"return_url": "javascript:alert(1)"},
    ],
)
def test_facts_that_cannot_be_sent(wrong):
    """P4"""
    with pytest.raises(Invalid):
        PAYU.checkout(replace(FACTS, **wrong))


def test_people_may_be_called_anything():
    """P4: names and product texts are put into PayU's letters, a pipe is left out, nobody is turned away."""
    fields = PAYU.checkout(
        replace(
            FACTS, first_name="Zoë|Łukasz  Ærø-Straße and more", product="Détox & Rasāyana | 7", email="a+b@example.com"
        )
    ).fields
    assert fields["firstname"] == "ZoeLukasz Aero-Stras"
    assert fields["productinfo"] == "Detox and Rasayana 7"
    assert fields["email"] == "a@example.com"
    fields = PAYU.checkout(
        replace(FACTS, first_name="आशा", product="विश्राम", phone="", email="x" * 60 + "@example.com")
    ).fields
    assert (fields["firstname"], fields["productinfo"], fields["email"]) == ("Guest", "Stay", "stay@pema.example")


@pytest.mark.parametrize(
    "value", ["o'brien@example.com", "a|b@example.com", "nobody", "a b@example.com", "a@b\x00.com", "आ@b.com"]
)
def test_an_address_is_sent_whole_or_not_at_all(value):
    assert text.address(value, 50, otherwise="stay@pema.example") == "stay@pema.example"


def test_one_line_of_a_foreign_answer():
    assert text.one_line("a\x00b\nc" + "x" * 1_000_000, 10) == "a b cxxxxx"
    assert text.one_line(None) == ""
    assert text.one_line(7) == "7"


def test_the_registry_builds_from_settings(settings):
    settings.PAYU_MERCHANT_KEY, settings.PAYU_MERCHANT_SALT = KEY, SALT
    settings.PAYU_SALT_256, settings.PAYU_PREVIOUS_SALTS = "", ["before"]
    assert registry.available() == ("payu",)
    assert registry.gateway("payu").checkout(FACTS).fields["hash"] == by_name("req_udf")["sha512"]
    settings.PAYU_SALT_256 = "two-fifty-six"
    assert registry.gateway("payu").checkout(FACTS).fields["hash"] != by_name("req_udf")["sha512"]
    assert registry.gateway("payu").salts == ("two-fifty-six", SALT, "before")
    with pytest.raises(Missing):
        registry.gateway("barter")
    settings.PAYU_MERCHANT_SALT = settings.PAYU_SALT_256 = ""
    settings.PAYU_PREVIOUS_SALTS = []
    assert registry.available() == ()
