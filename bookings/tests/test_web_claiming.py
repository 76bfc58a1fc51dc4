"""After guest checkout: a stay moves into an account, and only into the right one."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.urls import reverse

from accounts.models import User
from bookings.tests.pages import words
from bookings.tests.test_web_stays import opened

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "three calm words"


@pytest.fixture
def stay(stays, client):
    made = stays.paid(email="asha@example.com")
    opened(client, made)
    return made


def address(stay) -> str:
    return reverse("bookings:claim", args=[stay.reference])


def code_for(email: str, drain) -> str:
    drain("knock", "message")
    letter = next(one for one in reversed(mail.outbox) if one.to == [email])
    return re.search(r"\b(\d{6})\b", letter.body).group(1)


def test_a_guest_makes_an_account_and_finds_her_stay_in_it(client, stay, drain):
    """A14: the account is hers when the code from her mail is typed; then the stay is one press away."""
    answer = client.post(address(stay), {"password": PASSWORD})
    assert answer["Location"] == "/sign-in/code/confirm"
    stay.refresh_from_db()
    assert stay.user is None, "nobody has proven this address yet"
    answer = client.post("/sign-in/code/confirm", {"code": code_for("asha@example.com", drain)})
    assert answer["Location"] == address(stay)
    answer = client.post(address(stay), follow=True)
    user = User.objects.get(email="asha@example.com")
    stay.refresh_from_db()
    assert stay.user == user and user.email_verified_at is not None
    assert type(stay.folio).objects.get(pk=stay.folio_id).owner_id == user.pk
    assert "in your account now" in words(answer)
    assert answer.wsgi_request.user == user


def test_a_weak_password_makes_no_account(client, stay):
    answer = client.post(address(stay), {"password": "short"})
    assert answer.status_code == 400
    stay.refresh_from_db()
    assert stay.user is None and not User.objects.filter(email="asha@example.com").exists()


def test_an_account_that_exists_is_not_taken_over_nor_told(client, stay, drain):
    """A8, A14: the same page as for a new address; the letter goes to the owner and holds no code."""
    known = User.objects.create_user("asha@example.com", "the-right-one-is-long", first_name="Asha")
    answer = client.post(address(stay), {"password": PASSWORD})
    assert answer["Location"] == "/sign-in/code/confirm"
    drain("knock", "message")
    letter = next(one for one in reversed(mail.outbox) if one.to == ["asha@example.com"])
    assert "account already" in letter.subject and not re.search(r"\b\d{6}\b", letter.body)
    stay.refresh_from_db()
    known.refresh_from_db()
    assert stay.user is None and known.check_password("the-right-one-is-long")


def test_another_account_cannot_take_the_stay(client, stay, other_guest):
    client.force_login(other_guest)
    opened(client, stay)
    assert "booked with another address" in words(client.get(address(stay)))
    client.post(address(stay))
    stay.refresh_from_db()
    assert stay.user is None


def test_the_account_of_the_address_takes_it_with_one_press(client, stay):
    owner = User.objects.create_user("asha@example.com", PASSWORD, first_name="Asha")
    client.force_login(owner)
    opened(client, stay)
    client.post(address(stay))
    stay.refresh_from_db()
    assert stay.user == owner


def test_a_stay_in_an_account_is_not_offered_again(client, stays, guest):
    stay = stays.paid(user=guest)
    opened(client, stay)
    assert client.get(address(stay)).status_code == 303
    assert client.post(address(stay), {"password": PASSWORD}).status_code == 303
    stay.refresh_from_db()
    assert stay.user == guest
