"""Signing in with a code: over the API and below it."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.domain import codes, limits, otp, people, tokens
from accounts.models import Attempt, Challenge, Knock, RefreshToken, User
from config.tests.api_cast import codes as codes_of
from core.errors import Invalid, TooMany

PHONE = "+919876543210"


@pytest.fixture
def reachable(guest):
    User.objects.filter(pk=guest.pk).update(
        phone_e164=PHONE, phone_verified_at=timezone.now(), email_verified_at=timezone.now()
    )
    guest.refresh_from_db()
    return guest


def asked(api, channel="email", to="asha.rao@pema.example"):
    answer = api().post("auth/otp", {"channel": channel, "to": to})
    assert answer.status_code == 201
    return answer.json()["challenge"]


def verify(api, challenge, code):
    return api().post("auth/otp/verify", {"challenge": challenge, "code": code})


@pytest.mark.parametrize(("channel", "to"), [("email", "Asha.Rao@pema.example "), ("sms", "98765 43210")])
def test_the_way_in_by_code(api, reachable, post, channel, to):
    challenge = asked(api, channel, to)
    assert not post.codes, "the request itself looks nobody up"
    sent = post.work().codes[-1]
    assert (sent["channel"], sent["to"]) == (channel, PHONE if channel == "sms" else reachable.email)
    assert len(post.code) == 6 and post.code.isdigit()
    answer = verify(api, challenge, post.code)
    assert answer.status_code == 200
    assert answer.json()["user"]["email"] == reachable.email
    assert codes_of(verify(api, challenge, post.code)) == ["bad_code"], "A7: a code opens once"
    row = Challenge.objects.get()
    assert post.code not in (row.digest, str(row.public_id))
    assert Knock.objects.get().target == "", "who knocked is forgotten"


def test_a_stranger_gets_the_same_answer_and_no_code_opens(api, reachable, post):
    """A8: same status, same headers, same members; the challenge of a stranger is a dead end."""
    User.objects.create_user("closed@pema.example", "x", first_name="C", is_active=False)
    known = api().post("auth/otp", {"channel": "email", "to": reachable.email})
    for to in ("nobody@pema.example", "closed@pema.example"):
        unknown = api().post("auth/otp", {"channel": "email", "to": to})
        assert unknown.status_code == known.status_code == 201
        assert set(unknown.json()) == set(known.json()) == {"challenge", "channel", "expires_at"}
        assert set(unknown.headers) == set(known.headers)
        assert post.work().codes[-1]["to"] == reachable.email
        for code in ("000000", post.code):
            assert codes_of(verify(api, unknown.json()["challenge"], code)) == ["bad_code"]
    assert len(post.codes) == 1
    assert not RefreshToken.objects.exists()


def test_five_tries_and_no_more(api, reachable, post):
    """A5: the right code is refused after five wrong ones, with the same words."""
    challenge = asked(api)
    post.work()
    answers = [verify(api, challenge, post.wrong) for _ in range(5)] + [verify(api, challenge, post.code)]
    assert {answer.status_code for answer in answers} == {400}
    assert len({answer.content for answer in answers}) == 1
    assert Challenge.objects.get().tries == 5
    assert not RefreshToken.objects.exists()


def test_an_old_code_and_anothers_code_and_one_for_another_purpose(api, reachable, other_guest, post, now):
    """A7: a code is good for five minutes, for its own challenge and purpose only."""
    challenge = otp.ask("email", reachable.email, address="1.1.1.1", at=now)
    late = post.work().code
    with pytest.raises(Invalid):
        codes.answer(challenge.public_id, late, purpose="sign_in", at=now + timedelta(minutes=5))
    with pytest.raises(Invalid):
        codes.answer(challenge.public_id, late, purpose="confirm", at=now)
    with pytest.raises(Invalid):
        codes.answer(challenge.public_id, late, purpose="sign_in", at=now, of=other_guest)
    other = otp.ask("email", other_guest.email, address="1.1.1.1", at=now)
    post.work()
    with pytest.raises(Invalid):
        codes.answer(challenge.public_id, post.code, purpose="sign_in", at=now)
    with pytest.raises(Invalid):
        codes.answer(uuid.uuid4(), post.code, purpose="sign_in", at=now)
    assert codes.answer(other.public_id, post.code, purpose="sign_in", at=now).user == other_guest


def test_limits_of_targets_addresses_accounts_and_the_day(reachable, post, settings, now):
    """A5, D7: five an hour to one target, five to one account over both channels, twenty from one address."""
    for number in range(5):
        otp.ask("email", reachable.email, address=f"1.1.1.{number}", at=now)
    with pytest.raises(TooMany) as refusal:
        otp.ask("email", reachable.email, address="9.9.9.9", at=now + timedelta(minutes=59))
    assert refusal.value.retry_after == 60
    otp.ask("sms", PHONE, address="9.9.9.9", at=now)
    assert len(post.work().codes) == 5, "the account's share is used up, and nobody is told"
    for number in range(20):
        otp.ask("email", f"x{number}@example.com", address="2.2.2.2", at=now)
    with pytest.raises(TooMany):
        otp.ask("email", "y@example.com", address="2.2.2.2", at=now)
    assert "limit_reached" in post.events


def test_the_days_budget_of_text_messages(api, reachable, post, settings):
    """D7: after the budget nobody gets a message, known or not, and the house is told once."""
    settings.SMS_CODES_A_DAY = 2
    for to in (PHONE, "+919876500001"):
        asked(api, "sms", to)
    for to in (PHONE, "+919876500002"):
        answer = api().post("auth/otp", {"channel": "sms", "to": to})
        assert (answer.status_code, codes_of(answer)) == (503, ["sms_budget"])
        assert int(answer["Retry-After"]) > 3600
    assert post.events.count("limit_reached") == 1


@pytest.mark.parametrize(
    ("channel", "to", "code"),
    [
        ("sms", "+447911123456", "country_not_served"),
        ("sms", "+18005550199", "country_not_served"),
        ("sms", "12", "bad_phone"),
        ("sms", "+91 00000 00000", "bad_phone"),
        ("sms", "a@example.com", "bad_phone"),
        ("email", "no address", "bad_email"),
        ("email", PHONE, "bad_email"),
    ],
)
def test_targets_that_cannot_be(api, db, post, channel, to, code):
    answer = api().post("auth/otp", {"channel": channel, "to": to})
    assert (answer.status_code, codes_of(answer)) == (400, [code])
    assert not Challenge.objects.exists() and not Attempt.objects.exists()


def test_a_number_that_nobody_proved_opens_nothing(api, guest, post):
    User.objects.filter(pk=guest.pk).update(phone_e164=PHONE)
    asked(api, "sms", PHONE)
    assert not post.work().codes


def test_the_first_proof_of_an_address_throws_out_who_was_there_before(api, guest, post, now):
    """A14: an account opened by a stranger in my name is mine from the first code on, and his password ends."""
    User.objects.update(email_verified_at=None)
    strangers = tokens.issue(guest, at=now)
    challenge = asked(api)
    answer = verify(api, challenge, post.work().code)
    assert answer.status_code == 200
    with pytest.raises(tokens.NotSignedIn):
        tokens.holder(strangers.access)
    with pytest.raises(tokens.NotSignedIn):
        people.sign_in(guest.email, "a-long-enough-password", address="1.1.1.1", at=now)
    guest.refresh_from_db()
    assert guest.email_verified_at is not None


def test_a_code_still_opens_a_softly_locked_account(api, reachable, post):
    """A9: whoever locks an account by wrong passwords does not keep its owner out."""
    for _ in range(11):
        answer = api().post("auth/login", {"email": reachable.email, "password": "wrong"})
    assert answer.status_code == 429
    assert "limit_reached" in post.events
    assert verify(api, asked(api), post.work().code).status_code == 200


def at_once(count, act):
    start, answers = threading.Barrier(count), []

    def run(number):
        start.wait()
        try:
            answers.append(act(number))
        except Exception as error:
            answers.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def compared(monkeypatch):
    """Counts how many answers are really looked at."""
    seen, original = [], codes.digest
    monkeypatch.setattr(codes, "digest", lambda *given: seen.append(1) or original(*given))
    return seen


def guess_at_once(challenge, at, monkeypatch, count=40):
    seen = compared(monkeypatch)
    at_once(count, lambda n: codes.answer(challenge.public_id, f"{n:06d}", purpose="sign_in", at=at))
    return len(seen)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_forty_guesses_at_once_five_are_looked_at(guest, post, now, monkeypatch):
    """A6: the counter is atomic."""
    challenge = otp.ask("email", guest.email, address="1.1.1.1", at=now)
    post.work()
    assert guess_at_once(challenge, now, monkeypatch) == 5
    assert Challenge.objects.get().tries == 5


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_one_statement_more_would_be_looked_at(guest, post, now, monkeypatch):
    """A6, negative control: look first and count later, and more than five are compared."""

    def look_then_count(public_id, *, purpose, at):
        row = Challenge.objects.select_related("user").get(public_id=public_id)
        if row.tries >= 5:
            raise codes.bad_code()
        Challenge.objects.filter(pk=row.pk).update(tries=row.tries + 1)
        return row

    challenge = otp.ask("email", guest.email, address="1.1.1.1", at=now)
    post.work()
    monkeypatch.setattr(codes, "count_try", look_then_count)
    assert guess_at_once(challenge, now, monkeypatch) > 5


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_the_right_code_twice_at_once_opens_once(guest, post, now):
    challenge = otp.ask("email", guest.email, address="1.1.1.1", at=now)
    code = post.work().code
    answers = at_once(4, lambda n: codes.answer(challenge.public_id, code, purpose="sign_in", at=now))
    assert sum(isinstance(one, Challenge) for one in answers) == 1


def test_counters_are_honest(db, now):
    limit = limits.Limit("x", 1, timedelta(hours=1))
    limits.count(limit, "a", at=now)
    with pytest.raises(TooMany) as refusal:
        limits.count(limit, "a", at=now + timedelta(seconds=10.5))
    assert refusal.value.retry_after == 3590, "rounded up: who waits as told gets in"
    limits.count(limit, "a", at=now + timedelta(seconds=10.5 + 3590))
