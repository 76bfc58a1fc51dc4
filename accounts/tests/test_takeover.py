"""Whoever opened, or for a while held, an account that is another person's keeps no way into it."""

import threading
import time
from datetime import timedelta
from urllib.parse import urlparse

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from accounts.domain import addresses, codes, contacts, devices, passwords, proofs
from accounts.models import Challenge, ContactChange, Device, User
from config.tests.cast import PASSWORD
from core.actors import Actor
from core.errors import Invalid

VICTIM = "vera@pema.example"
THEIRS = "the-password-of-a-stranger"
HERS = "a-quite-different-password"
THEIR_PHONE = "+919876500001"
OLD = "asha.rao@pema.example"
first = QuerySet.first


@pytest.fixture
def squatted(api, db, post):
    """Somebody registers another person's address, and signs in to it: nobody has proven it yet."""
    api().post("auth/register", {"email": VICTIM, "password": THEIRS, "first_name": "Vera"})
    tokens = api().post("auth/login", {"email": VICTIM, "password": THEIRS}).json()
    return api(Authorization=f"Bearer {tokens['access']}")


def a_phone(mine, post, password, number=THEIR_PHONE):
    proof = mine.post("auth/proof", {"password": password}).json()["proof"]
    asked = mine.post("auth/phone", {"phone": number, "proof": proof}).json()["challenge"]
    answer = mine.post("auth/phone/confirm", {"challenge": asked, "code": post.code})
    assert answer.status_code == 200


def opens_by_sms(api, post, number=THEIR_PHONE):
    asked = api().post("auth/otp", {"channel": "sms", "to": number}).json()["challenge"]
    before = len(post.codes)
    post.work()
    if len(post.codes) == before:
        return False
    return api().post("auth/otp/verify", {"challenge": asked, "code": post.code}).status_code == 200


def test_another_code_on_the_page_of_registering_leaves_no_strangers_password(api, squatted, post):
    """A14: the owner registers, asks for the code once more, and types it: the stranger's password is over."""
    browser = Client()
    browser.post("/register", {"email": VICTIM, "password": HERS, "password1": HERS, "first_name": "Vera"})
    post.work()
    browser.post("/sign-in/code/confirm", {"again": "1"})
    post.work()
    assert post.codes[-1]["to"] == VICTIM
    browser.post("/sign-in/code/confirm", {"code": post.code})
    assert "_auth_user_id" in browser.session
    assert User.objects.get(email=VICTIM).email_verified_at
    assert squatted.get("auth/me").status_code == 401
    assert api().post("auth/login", {"email": VICTIM, "password": THEIRS}).status_code == 401


def test_who_registers_herself_keeps_her_password(api, db, post):
    """The same page for an honest person: one code, or another one, and the password still holds."""
    for email, again in (("one@pema.example", False), ("two@pema.example", True)):
        browser = Client()
        browser.post("/register", {"email": email, "password": HERS, "password1": HERS, "first_name": "Vera"})
        post.work()
        if again:
            browser.post("/sign-in/code/confirm", {"again": "1"})
            post.work()
        browser.post("/sign-in/code/confirm", {"code": post.code})
        assert "_auth_user_id" in browser.session
        assert api().post("auth/login", {"email": email, "password": HERS}).status_code == 200


@pytest.mark.parametrize("way", ["code", "new password"])
def test_a_strangers_phone_and_device_do_not_outlive_the_proof(api, squatted, post, way):
    """A14: the stranger's own number, proven before the owner came, opens nothing once she has."""
    a_phone(squatted, post, THEIRS)
    devices.register(User.objects.get(email=VICTIM), "token-of-the-stranger", platform="android", at=timezone.now())
    if way == "code":
        asked = api().post("auth/otp", {"channel": "email", "to": VICTIM}).json()["challenge"]
        post.work()
        assert api().post("auth/otp/verify", {"challenge": asked, "code": post.code}).status_code == 200
    else:
        key = passwords.key(User.objects.get(email=VICTIM))
        assert api().post("auth/password/reset", {"key": key, "password": HERS}).status_code == 204
    assert not opens_by_sms(api, post)
    assert not Device.objects.exists()


@pytest.fixture
def mine(api, guest):
    User.objects.filter(pk=guest.pk).update(email_verified_at=timezone.now())
    guest.refresh_from_db()
    return api(guest)


def moved(mine, post, email):
    proof = mine.post("auth/proof", {"password": PASSWORD}).json()["proof"]
    asked = mine.post("auth/email", {"email": email, "proof": proof}).json()["challenge"]
    assert mine.post("auth/email/confirm", {"challenge": asked, "code": post.code}).status_code == 200
    to_old = next(one for one in reversed(post.notices) if one["notice"] == "email_changing")
    return urlparse(to_old["context"]["link"]).path.rpartition("/")[2]


@pytest.mark.parametrize("first", ["email", "phone"])
def test_the_undo_takes_a_thiefs_number_too(api, mine, guest, post, first):
    """A16: a thief moves the address and proves a number of his own; one link of the letters ends both."""
    if first == "phone":
        a_phone(mine, post, PASSWORD)
    key = moved(mine, post, "thief@elsewhere.example")
    if first == "email":
        a_phone(mine, post, PASSWORD)
        assert post.notices[-1]["to"] == "thief@elsewhere.example", "the owner never hears of the number"
    assert api().post("auth/contact/undo", {"key": key}).status_code == 204
    guest.refresh_from_db()
    assert guest.email == OLD
    assert not opens_by_sms(api, post)


def test_the_undo_takes_a_thiefs_second_factor_and_devices(api, mine, guest, post):
    """A16: a passkey, an app or a push token that came with the thief goes with him."""
    hers = Authenticator.objects.create(user=guest, type=Authenticator.Type.TOTP, data={})
    Authenticator.objects.filter(pk=hers.pk).update(created_at=timezone.now() - timedelta(days=9))
    key = moved(mine, post, "thief@elsewhere.example")
    Authenticator.objects.create(user=guest, type=Authenticator.Type.WEBAUTHN, data={})
    devices.register(guest, "token-of-the-thief", platform="android", at=timezone.now())
    assert api().post("auth/contact/undo", {"key": key}).status_code == 204
    assert [one.pk for one in Authenticator.objects.filter(user=guest)] == [hers.pk]
    assert not Device.objects.exists()


def test_a_code_that_waits_at_an_old_address_opens_nothing_after_the_undo(api, mine, post):
    """A7: a code asked for just before the undo came to an address that is the account's no more."""
    key = moved(mine, post, "thief@elsewhere.example")
    asked = api().post("auth/otp", {"channel": "email", "to": "thief@elsewhere.example"}).json()["challenge"]
    code = post.work().code
    assert api().post("auth/contact/undo", {"key": key}).status_code == 204
    late = api().post("auth/otp/verify", {"challenge": asked, "code": code})
    assert late.status_code == 400
    assert late.json()["errors"][0]["code"] == "bad_code"


def test_the_old_address_stays_free_for_the_undo(api, mine, guest, post):
    """A16: a thief who registers the old address anew cannot bar the way back."""
    key = moved(mine, post, "thief@elsewhere.example")
    squat = api().post("auth/register", {"email": OLD, "password": THEIRS, "first_name": "Nobody"})
    assert squat.status_code == 201, "and the answer is that of every address"
    assert api().post("auth/contact/undo", {"key": key}).status_code == 204
    guest.refresh_from_db()
    assert guest.email == OLD


def test_after_the_undo_the_thief_has_no_way_in(api, mine, guest, post):
    """A16: e-mail, number, passkey, Google, half a sign-in: all that came after the change is gone, and he is out."""
    key = moved(mine, post, "thief@elsewhere.example")
    a_phone(mine, post, PASSWORD)
    Authenticator.objects.create(user=guest, type=Authenticator.Type.WEBAUTHN, data={})
    Authenticator.objects.create(user=guest, type=Authenticator.Type.RECOVERY_CODES, data={})
    SocialAccount.objects.create(user=guest, provider="google", uid="thief")
    half = api().post("auth/login", {"email": "thief@elsewhere.example", "password": PASSWORD})
    assert half.status_code == 403, "the second factor is asked for"
    assert api().post("auth/contact/undo", {"key": key}).status_code == 204
    guest.refresh_from_db()
    assert (guest.email, guest.phone_e164, guest.has_usable_password()) == (OLD, "", False)
    assert not Authenticator.objects.exists() and not SocialAccount.objects.exists()
    assert not Challenge.objects.filter(user=guest, used_at__isnull=True).exists()
    assert not opens_by_sms(api, post)
    for email in (OLD, "thief@elsewhere.example"):
        assert api().post("auth/login", {"email": email, "password": PASSWORD}).status_code == 401
    assert mine.get("auth/me").status_code == 401


def test_a_number_that_is_anothers_by_now_does_not_bar_the_undo(api, mine, guest, other_guest, post):
    """A16: the thief has put the old number on an account of his own; the owner still comes back."""
    User.objects.filter(pk=guest.pk).update(phone_e164="+919876500009", phone_verified_at=timezone.now())
    key = moved(mine, post, "thief@elsewhere.example")
    a_phone(mine, post, PASSWORD)
    User.objects.filter(pk=other_guest.pk).update(phone_e164="+919876500009", phone_verified_at=timezone.now())
    assert api().post("auth/contact/undo", {"key": key}).status_code == 204
    guest.refresh_from_db()
    assert (guest.email, guest.phone_e164) == (OLD, "")


def undo_while_it_is_confirmed(guest, post, monkeypatch, *, guarded):
    """The confirmation holds the person's row and commits while the undo waits for it. The e-mail address after."""
    at = timezone.now()
    proof = proofs.Proof(guest.pk, at)
    asked = contacts.ask_to_change(guest, email="thief@elsewhere.example", by=Actor.of(guest), at=at, proof=proof)
    key = urlparse(post.notices[-1]["context"]["link"]).path.rpartition("/")[2]
    holds, undoing, real, seen = threading.Event(), threading.Event(), contacts._set, contacts._locked

    def slow(*args):
        holds.set()
        undoing.wait(5)
        time.sleep(0.2)
        real(*args)

    def knocking(pk):
        if threading.current_thread() is not confirming:
            undoing.set()
        return seen(pk)

    def confirm():
        try:
            contacts.confirm(guest, "email", asked.public_id, post.code, at=at)
        finally:
            connection.close()

    confirming = threading.Thread(target=confirm)
    with monkeypatch.context() as patch:
        patch.setattr(contacts, "_set", slow)
        patch.setattr(contacts, "_locked", knocking)
        confirming.start()
        assert holds.wait(5)
        patch.setattr(contacts, "_set", real)
        if not guarded:  # what was read before the lock is believed
            stale = ContactChange.objects.get()
            old = lambda rows: stale if rows.model is ContactChange and rows._fields is None else first(rows)  # noqa: E731
            patch.setattr(QuerySet, "first", old)
        contacts.undo(key, at=at + timedelta(seconds=1))
        confirming.join()
    return User.objects.get(pk=guest.pk).email


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False])
def test_an_undo_that_meets_the_confirmation_takes_it_back(guest, post, monkeypatch, guarded):
    """A16: real threads, and the twin that believes an older look leaves the thief's address."""
    left = undo_while_it_is_confirmed(guest, post, monkeypatch, guarded=guarded)
    assert left == (OLD if guarded else "thief@elsewhere.example")


def test_proving_the_own_address_is_written_down_and_only_the_newest_code_is_good(db, post):
    """A7: the code of before opens nothing, though its five minutes are not over; the log keeps what was proven."""
    browser = Client()
    browser.post("/register", {"email": VICTIM, "password": HERS, "password1": HERS, "first_name": "Vera"})
    first, old = Challenge.objects.get(), post.work().code
    browser.post("/sign-in/code/confirm", {"again": "1"})
    with pytest.raises(Invalid):
        addresses.prove(first.public_id, old, began_with=first.public_id, at=timezone.now())
    assert not User.objects.get(email=VICTIM).email_verified_at
    browser.post("/sign-in/code/confirm", {"code": post.work().code})
    assert "_auth_user_id" in browser.session
    assert User.objects.get(email=VICTIM).email_verified_at
    assert post.events.count("email_confirmed") == 1


def test_a_code_that_went_to_another_address_proves_nothing(guest, post):
    """A14: the address was changed between the letter and the code."""
    challenge = codes.ask("email", channel="email", target=guest.email, at=timezone.now(), user=guest)
    codes.send(challenge, guest)
    User.objects.filter(pk=guest.pk).update(email="thief@elsewhere.example", email_verified_at=None)
    with pytest.raises(Invalid):
        addresses.prove(challenge.public_id, post.code, began_with=challenge.public_id, at=timezone.now())
    assert User.objects.get(pk=guest.pk).email_verified_at is None
