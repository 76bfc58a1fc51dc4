"""After guest checkout: a stay moves into an account, once, and only for who reads its mail; old links end with it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from bookings.domain import access as links
from bookings.domain import claiming
from bookings.tests.pages import words
from bookings.tests.test_web_stays import opened
from core.errors import Conflict
from notifications.domain.sealing import whole
from notifications.models import Message

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "three calm words"


@pytest.fixture
def stay(stays, client):
    made = stays.paid(email="asha@example.com")
    opened(client, made)
    return made


def address(stay) -> str:
    return reverse("bookings:claim", args=[stay.reference])


def code_sent(to="asha@example.com") -> str:
    return str(whole(Message.objects.filter(template="sign_in_code", recipient=to).latest("pk"))["code"])


def owner(email="asha@example.com", **more) -> User:
    return User.objects.create_user(email, PASSWORD, first_name="Asha", email_verified_at=timezone.now(), **more)


def unclaimed(stay) -> bool:
    stay.refresh_from_db()
    return stay.user is None


def test_a_new_and_a_known_address_get_the_same_answer(client, stay):
    """A8, A14: whether there is an account only its owner learns, from the letter; nothing of it changes."""
    first = client.post(address(stay), {"password": PASSWORD})
    assert User.objects.filter(email="asha@example.com").count() == 1
    known = User.objects.get(email="asha@example.com")
    before = known.password
    second = client.post(address(stay), {"password": "another three words"})
    assert (first.status_code, first["Location"]) == (
        second.status_code,
        second["Location"],
    ) and first.status_code == 303
    known.refresh_from_db()
    assert known.password == before and unclaimed(stay)


def test_a_weak_password_makes_no_account(client, stay):
    assert client.post(address(stay), {"password": "short"}).status_code == 400
    assert unclaimed(stay) and not User.objects.filter(email="asha@example.com").exists()


def test_the_account_of_the_address_takes_it_with_one_press(client, stay):
    client.force_login(owner())
    opened(client, stay)
    assert "Put it in my account" in words(client.get(address(stay)))
    assert "in your account now" in words(client.post(address(stay), follow=True))
    stay.refresh_from_db()
    assert stay.user.email == "asha@example.com"
    assert type(stay.folio).objects.get(pk=stay.folio_id).owner_id == stay.user_id


def test_an_address_that_nobody_has_proven_is_not_enough(client, stay):
    """A14: an account that merely says it is asha@ gets nothing."""
    client.force_login(User.objects.create_user("asha@example.com", PASSWORD, first_name="Thief"))
    opened(client, stay)
    client.post(address(stay))
    assert unclaimed(stay)


def test_a_forwarded_link_does_not_give_the_stay_away(client, stay, other_guest):
    """Another account needs a code that goes to the stay's own address."""
    client.force_login(other_guest)
    opened(client, stay)
    assert "read the mail of the address" in words(client.get(address(stay)))
    assert client.post(address(stay), {"code": "123456"}).status_code == 400  # none was asked for
    assert client.post(address(stay)).status_code == 303
    sent = code_sent()
    wrong = "000000" if sent != "000000" else "111111"
    assert client.post(address(stay), {"code": wrong}).status_code == 400
    assert unclaimed(stay)
    assert client.post(address(stay), {"code": sent}).status_code == 303
    stay.refresh_from_db()
    assert stay.user == other_guest


def test_old_links_keys_and_sessions_end_with_the_claim(client, stay, api):
    page, key = reverse("bookings:stay", args=[stay.reference]), links.key(stay.reference)
    assert client.get(page).status_code == 200
    assert api(**{"X-Stay-Key": key}).get(f"bookings/{stay.reference}").status_code == 200
    claiming.claim(stay, owner(), at=timezone.now())
    assert client.get(page).status_code == 404  # this session had opened the link before
    answer = opened(client, stay)
    assert answer.status_code == 303 and answer["Location"] == f"/sign-in?next={page}"
    assert api(**{"X-Stay-Key": key}).get(f"bookings/{stay.reference}").status_code == 404
    client.force_login(User.objects.get(email="asha@example.com"))
    assert opened(client, stay)["Location"] == page and client.get(page).status_code == 200


def test_a_stay_in_an_account_is_not_offered_again(client, stays, guest):
    stay = stays.paid(user=guest)
    client.force_login(guest)
    assert client.get(address(stay)).status_code == 303
    assert client.post(address(stay), {"password": PASSWORD}).status_code == 303
    stay.refresh_from_db()
    assert stay.user == guest


def test_of_two_claims_at_once_one_gets_the_stay(stay, guest, other_guest):
    def claim(user):
        try:
            return claiming.claim(stay, user, proven="asha@example.com", at=timezone.now()).user_id
        except Conflict as error:
            return error.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(claim, [guest, other_guest]))
    stay.refresh_from_db()
    assert sorted(map(str, found)) == sorted([str(stay.user_id), "already_claimed"])
