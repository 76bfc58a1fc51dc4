"""P22: what must not start does not start."""

import pytest

from payments.gateways.checks import WELL_KNOWN, payu_settings

LIVE = {
    "PEMA_ENV": "production",
    "PAYU_MERCHANT_KEY": "real",
    "PAYU_MERCHANT_SALT": "real-salt",
    "PAYU_SALT_256": "",
    "PAYU_PAYMENT_URL": "https://secure.payu.in/_payment",
    "PAYU_COMMAND_URL": "https://info.payu.in/merchant/postservice.php?form=2",
}


@pytest.mark.parametrize(
    ("changes", "ids"),
    [
        ({}, []),
        ({"PAYU_MERCHANT_KEY": ""}, ["pema.E011"]),
        ({"PAYU_MERCHANT_SALT": ""}, ["pema.E011"]),
        ({"PAYU_MERCHANT_SALT": "", "PAYU_SALT_256": "real-256"}, []),
        ({"PAYU_PAYMENT_URL": "https://test.payu.in/_payment"}, ["pema.E012"]),
        ({"PAYU_COMMAND_URL": "https://test.payu.in/merchant/postservice.php?form=2"}, ["pema.E012"]),
        ({"PAYU_COMMAND_URL": "http://info.payu.in/merchant/postservice.php?form=2"}, ["pema.E012"]),
        ({"PAYU_PAYMENT_URL": "https://stay.example/sandbox/payu/_payment"}, ["pema.E012"]),
        ({"PAYU_MERCHANT_SALT": "sandbox-salt-of-thirty-two-chars"}, ["pema.E013"]),
        ({"PAYU_MERCHANT_KEY": "PemaSandboxKey"}, ["pema.E013"]),
        ({"PEMA_ENV": "demo"}, ["pema.E014"]),
        ({"PEMA_ENV": "test", "PAYU_PAYMENT_URL": "http://127.0.0.1/"}, ["pema.E014"]),
    ],
)
def test_payu_settings(settings, changes, ids):
    for name, value in {**LIVE, **changes}.items():
        setattr(settings, name, value)
    assert [error.id for error in payu_settings(None)] == ids


def test_this_installation_starts():
    assert payu_settings(None) == []


def test_the_well_known_credentials_are_those_of_the_settings(settings):
    source = (settings.BASE_DIR / "config" / "settings.py").read_text()
    assert all(f'"{secret}"' in source for secret in WELL_KNOWN)
