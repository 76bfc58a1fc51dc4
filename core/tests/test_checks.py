"""P22, O7: what must not start does not start."""

import base64
import secrets

import pytest

from core import checks


@pytest.fixture
def production(settings):
    settings.PRODUCTION = True
    settings.SITE_URL = "https://stay.example"
    settings.SECRET_KEY, settings.JWT_SIGNING_KEY = secrets.token_hex(32), secrets.token_hex(32)
    settings.FIELD_KEYS = [f"k1:{base64.b64encode(secrets.token_bytes(32)).decode()}"]
    settings.OUTSIDE_ALLOWED = []
    return settings


def ids() -> list[str]:
    return [found.id for check in (checks.keys_are_there, checks.the_address_is_real) for found in check(None)]


def test_a_good_production_starts(production):
    assert ids() == []


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("FIELD_KEYS", [], "pema.E001"),
        ("FIELD_KEYS", ["k1:c2hvcnQ="], "pema.E001"),
        ("FIELD_KEYS", ["sandbox:" + base64.b64encode(bytes(32)).decode()], "pema.E002"),
        ("SECRET_KEY", "sandbox-only-secret-key-that-production-never-accepts-000000", "pema.E002"),
        ("JWT_SIGNING_KEY", "short", "pema.E002"),
        ("SITE_URL", "http://stay.example", "pema.E003"),
        ("OUTSIDE_ALLOWED", ["127.0.0.1:8000"], "pema.E006"),
    ],
)
def test_a_bad_one_does_not(production, name, value, expected):
    setattr(production, name, value)
    assert ids() == [expected]


def test_one_secret_for_two_purposes_is_refused(production):
    production.JWT_SIGNING_KEY = production.SECRET_KEY
    assert ids() == ["pema.E002"]
