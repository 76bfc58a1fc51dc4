"""A16: a sign-in from a device that the account does not know, and a recovery code that was used, are told at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client
from django.utils import timezone

from accounts.domain import second_factor
from accounts.models import User
from config.tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"


@pytest.fixture
def known(guest) -> User:
    """Somebody whose account is a week old, and whose address is proven."""
    long_ago = timezone.now() - timedelta(days=7)
    User.objects.filter(pk=guest.pk).update(date_joined=long_ago, email_verified_at=long_ago)
    guest.refresh_from_db()
    return guest


def on_the_web(user, agent):
    client = Client(headers={"user-agent": agent})
    answer = client.post("/sign-in", {"email": user.email, "password": PASSWORD})
    assert answer.status_code in (302, 303)


def told(post):
    return [(one["notice"], one["context"].get("device")) for one in post.notices]


def test_the_first_sign_in_from_a_browser_is_told_once(known, post):
    on_the_web(known, CHROME)
    assert told(post) == [("new_device", "Chrome, Windows")]
    assert post.notices[0]["to"] == known.email and post.notices[0]["context"]["link"].endswith("/profile/security")
    on_the_web(known, CHROME)
    assert len(post.notices) == 1 and post.events.count("new_device") == 1
    on_the_web(known, FIREFOX)
    assert told(post)[1:] == [("new_device", "Firefox, Linux")]


def test_the_app_is_told_as_well_and_wrong_passwords_are_not(known, post):
    app = Client(headers={"user-agent": "PemaApp/1.0 (Android 15)"})

    def sign_in(password):
        body = {"email": known.email, "password": password}
        return app.post("/api/v1/auth/login", body, content_type="application/json")

    refused = sign_in("not-the-right-one")
    assert refused.status_code == 401 and not post.notices
    for _ in range(2):
        assert sign_in(PASSWORD).status_code == 200
    assert told(post) == [("new_device", "Pema, Android")]


def test_a_new_account_is_not_told_of_its_own_beginning(guest, post):
    User.objects.filter(pk=guest.pk).update(email_verified_at=timezone.now())
    on_the_web(guest, CHROME)
    assert not post.notices


def test_a_used_recovery_code_is_told_with_what_is_left(known, post):
    codes = RecoveryCodes.activate(known).generate_codes()
    at = timezone.now()
    assert not second_factor.verified(known, "00000000", at=at) and not post.notices
    assert second_factor.verified(known, codes[0], at=at)
    assert not second_factor.verified(known, codes[0], at=at)
    assert [(one["notice"], one["context"]["left"]) for one in post.notices] == [("recovery_code_used", len(codes) - 1)]
    assert post.events.count("recovery_code_used") == 1
