"""PayU's signatures against computed vectors, and against everything that must not pass."""

import hashlib
import re
from pathlib import Path

import pytest

from payments.gateways.payu import hashes
from payments.simulator import signing
from payments.tests.payu_forms import KEY, SALT, SALT_256, VECTORS, by_name, signed

MAKERS = {
    "payment_request": lambda fields, salt: hashes.request_hash(fields, key=KEY, salt=salt),
    "response": lambda fields, salt: hashes.response_hash(fields, key=KEY, salt=salt),
    "command": lambda fields, salt: hashes.command_hash(fields["command"], fields["var1"], key=KEY, salt=salt),
}


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda one: one["name"])
def test_each_vector(vector):
    assert hashlib.sha512(vector["hash_string"].encode()).hexdigest() == vector["sha512"]
    assert MAKERS[vector["kind"]](vector["fields"], vector["salt"]) == vector["sha512"]


def test_a_changed_amount_is_refused():
    """P3: the hash of 50,000 does not cover 1."""
    bad = by_name("tampered_amount")
    assert hashes.response_hash(bad["fields"], key=KEY, salt=bad["salt"]) == bad["computed"]
    assert not hashes.is_genuine({**bad["fields"], "hash": bad["hash_received"]}, key=KEY, salts=[bad["salt"]])


def test_two_forms_that_a_pipe_would_make_one_are_both_refused():
    """P4: pipe-shift collision."""
    for fields in by_name("pipe_injection_collision")["fields"]:
        with pytest.raises(hashes.Unhashable):
            hashes.request_hash(fields, key=KEY, salt=SALT)


@pytest.mark.parametrize("field", [*hashes.ECHOED, *hashes.UDFS])
@pytest.mark.parametrize("value", ["a|b", "|", "a\x00b", "x" * 2001, "\ud800"])
def test_what_no_hash_may_hold(field, value):
    """P4: in every hashed field, on the way out and on the way back."""
    fields = {**by_name("rev_success")["fields"], field: value}
    with pytest.raises(hashes.Unhashable):
        hashes.request_hash(fields, key=KEY, salt=SALT)
    with pytest.raises(hashes.Unhashable):
        hashes.response_hash(fields, key=KEY, salt=SALT)
    assert not hashes.is_genuine({**fields, "hash": "0" * 128}, key=KEY, salts=[SALT])


@pytest.mark.parametrize("name", ["splitRequest", "additional_charges"])
def test_what_the_request_appends_is_hashed_as_posted(name):
    fields = {**by_name("req_udf")["fields"], name: "CC:12,DC:25"}
    text = f"{by_name('req_udf')['hash_string']}|CC:12,DC:25"
    assert hashes.request_hash(fields, key=KEY, salt=SALT) == hashlib.sha512(text.encode()).hexdigest()


@pytest.mark.parametrize("name", ["additionalCharges", "additional_charges"])
def test_a_surcharge_stands_in_front(name):
    """P18: both spellings; taking it away or changing it breaks the hash."""
    form = signed(prefix="12.00|", **{name: "12.00"})
    assert hashes.is_genuine(form, key=KEY, salts=[SALT])
    assert not hashes.is_genuine({**form, name: "13.00"}, key=KEY, salts=[SALT])
    assert not hashes.is_genuine({**form, name: ""}, key=KEY, salts=[SALT])
    assert not hashes.is_genuine({**signed(), name: "12.00"}, key=KEY, salts=[SALT])
    both = {**form, "additionalCharges": "12.00", "additional_charges": "12.00"}
    assert hashes.is_genuine(both, key=KEY, salts=[SALT])
    assert not hashes.is_genuine({**both, "additional_charges": "9.00"}, key=KEY, salts=[SALT])


def test_split_info_counts_only_for_split_merchants():
    """P18: others receive the field too, but unhashed."""
    plain, split = signed(splitInfo="{}"), signed(split="{}", splitInfo="{}")
    assert hashes.is_genuine(plain, key=KEY, salts=[SALT])
    assert not hashes.is_genuine(plain, key=KEY, salts=[SALT], split_hashed=True)
    assert hashes.is_genuine(split, key=KEY, salts=[SALT], split_hashed=True)
    assert not hashes.is_genuine(split, key=KEY, salts=[SALT])
    assert hashes.is_genuine(signed(), key=KEY, salts=[SALT], split_hashed=True)


def test_salts_of_both_versions_and_the_previous_one():
    """P21: accepted while configured, refused after."""
    for salt in (SALT, SALT_256, "rotated-out"):
        form = signed(salt=salt)
        assert hashes.is_genuine(form, key=KEY, salts=[SALT_256, SALT, "rotated-out"])
        assert not hashes.is_genuine(form, key=KEY, salts=["another"])
    assert not hashes.is_genuine(signed(salt=""), key=KEY, salts=[""]), "an unset salt signs nothing"


def test_a_hash_without_the_status_is_refused():
    """One SDK leaves the status out; then a failure could be turned into a success."""
    form = signed()
    udf = "|".join(form[f"udf{number}"] for number in (5, 4, 3, 2, 1))
    facts = "|".join(form[name] for name in ("email", "firstname", "productinfo", "amount", "txnid"))
    for text in (f"{SALT}||||||{udf}|{facts}|{KEY}", f"{SALT}|||||||{udf}|{facts}|{KEY}"):
        form["hash"] = hashlib.sha512(text.encode()).hexdigest()
        assert not hashes.is_genuine(form, key=KEY, salts=[SALT])


def test_only_lower_case_hexadecimal_is_a_hash():
    """P2: upper case, cut short, extended, padded, JSON of versions."""
    good = signed()["hash"]
    for bad in (good.upper(), good[:-1], good + "0", f" {good}", f"{good}\n", "", "0" * 128, f'{{"v1":"{good}"}}'):
        assert not hashes.is_genuine({**signed(), "hash": bad}, key=KEY, salts=[SALT])


def test_hashes_are_compared_in_constant_time():
    """P5: nothing in the module compares a posted hash with ==."""
    source = Path(hashes.__file__).read_text()
    assert "hmac.compare_digest(posted, one)" in source
    assert not re.search(r"hash\W*\s(==|!=|in)\s", source)


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda one: one["name"])
def test_the_simulator_signs_the_same_with_code_of_its_own(vector, settings):
    settings.PAYU_MERCHANT_KEY, settings.PAYU_MERCHANT_SALT, settings.PAYU_SALT_256 = KEY, vector["salt"], ""
    form = {**vector["fields"], "hash": vector["sha512"]}
    if vector["kind"] == "payment_request":
        assert signing.request_fits(form)
        assert not signing.request_fits({**form, "amount": "1.00"})
    elif vector["kind"] == "command":
        assert signing.command_fits(form)
        assert not signing.command_fits({**form, "var1": "another"})
    else:
        assert signing.result_hash(form) == vector["sha512"]
