"""The second factor at the API's door, whatever the first one was."""

import time

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.utils import timezone

from accounts.models import Challenge, RefreshToken, User
from config.tests.api_cast import codes
from config.tests.cast import PASSWORD

SECRET = "JBSWY3DPEHPK3PXP"


def totp(steps=0):
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + steps))


@pytest.fixture
def armed(front_desk, settings):
    settings.STAFF_MFA_REQUIRED = True
    TOTP.activate(front_desk, SECRET)
    User.objects.filter(pk=front_desk.pk).update(email_verified_at=timezone.now())
    return front_desk


def sign_in(api, user):
    return api().post("auth/login", {"email": user.email, "password": PASSWORD})


def show(api, challenge, code):
    return api().post("auth/mfa", {"challenge": challenge, "code": code})


def test_a_password_alone_is_not_enough(api, armed):
    """A10, A11: 403 with a challenge, the app's code once, and not again."""
    asked = sign_in(api, armed)
    assert (asked.status_code, codes(asked)) == (403, ["mfa_required"])
    assert not RefreshToken.objects.exists()
    challenge = asked.json()["challenge"]
    code = totp()
    given = show(api, challenge, code)
    assert given.status_code == 200
    assert api(Authorization=f"Bearer {given.json()['access']}").get("auth/me").json()["email"] == armed.email
    assert codes(show(api, challenge, totp(1))) == ["bad_code"], "the challenge is used up"
    replay = show(api, sign_in(api, armed).json()["challenge"], code)
    assert (replay.status_code, codes(replay)) == (400, ["bad_code"]), "so is the code"
    assert RefreshToken.objects.count() == 1


def test_a_recovery_code_opens_once(api, armed):
    one, *_others = RecoveryCodes.activate(armed).get_unused_codes()
    assert show(api, sign_in(api, armed).json()["challenge"], one).status_code == 200
    assert codes(show(api, sign_in(api, armed).json()["challenge"], one)) == ["bad_code"]


def test_a_mailed_code_does_not_pass_it_by(api, armed, post):
    """A10: nor does any other first factor."""
    challenge = api().post("auth/otp", {"channel": "email", "to": armed.email}).json()["challenge"]
    answer = api().post("auth/otp/verify", {"challenge": challenge, "code": post.work().code})
    assert (answer.status_code, codes(answer)) == (403, ["mfa_required"])
    mixed = show(api, challenge, post.code)
    assert codes(mixed) == ["bad_code"]
    assert not RefreshToken.objects.exists()


def test_five_tries(api, armed):
    challenge = sign_in(api, armed).json()["challenge"]
    for _ in range(5):
        assert codes(show(api, challenge, "000000")) == ["bad_code"]
    assert codes(show(api, challenge, totp())) == ["bad_code"]
    assert Challenge.objects.get().tries == 5


def test_staff_without_a_second_factor_get_nothing(api, front_desk, settings):
    """A10: no tokens, only the word where to set it up."""
    settings.STAFF_MFA_REQUIRED = True
    answer = sign_in(api, front_desk)
    assert (answer.status_code, codes(answer)) == (403, ["mfa_enrol"])
    assert "challenge" not in answer.json()
    assert not RefreshToken.objects.exists() and not Challenge.objects.exists()
    settings.STAFF_MFA_REQUIRED = False
    assert sign_in(api, front_desk).status_code == 200


def test_a_guest_who_set_one_up_is_asked_for_it_too(api, guest):
    TOTP.activate(guest, SECRET)
    assert codes(sign_in(api, guest)) == ["mfa_required"]
    assert api().post("auth/login", {"email": guest.email, "password": "wrong"}).status_code == 401
