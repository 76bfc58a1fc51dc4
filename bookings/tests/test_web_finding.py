"""Z9: back to a stay without its mail: reference, last name, code; the same answers for stays that never were."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.domain import knocks
from accounts.models import Challenge, Knock
from bookings.domain import access as links
from bookings.domain import lookup
from bookings.models import StayBooking
from bookings.tests.pages import words
from bookings.tests.test_web_claiming import code_sent
from bookings.tests.test_web_stays import opened
from core import work
from core.errors import Invalid
from notifications.models import Message

pytestmark = pytest.mark.django_db(transaction=True)
FIND, CODE = "/stays/find", "/stays/find/code"


@pytest.fixture
def stay(stays):
    return stays.paid(email="asha@example.com")


def ask(client, reference, last_name):
    answer = client.post(FIND, {"reference": reference, "last_name": last_name}, follow=True)
    work.drain("knock")
    return answer


def test_the_request_does_the_same_for_every_stay_and_a_worker_looks(stay):
    """A8, Z9: neither a message nor a bell before the worker; what was said is forgotten when it has looked."""
    asked = []
    for reference in (stay.reference, "PW-0000000000"):
        with CaptureQueriesContext(connection) as queries:
            Client().post(FIND, {"reference": reference, "last_name": stay.contact_name})
        asked.append([one["sql"].split(" ")[0] for one in queries])
    assert asked[0] == asked[1] and not Message.objects.filter(template="sign_in_code").exists()
    assert set(Challenge.objects.values_list("target", "digest")) == {("", "")}
    work.drain("knock")
    assert Message.objects.filter(template="sign_in_code").count() == 1
    assert set(Knock.objects.values_list("wish", "target")) == {("stay", "")}


def test_a_knock_that_is_kept_twice_or_too_late_sends_nothing(client, stay):
    client.post(FIND, {"reference": stay.reference, "last_name": stay.contact_name})
    knock = Knock.objects.get()
    Challenge.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    knocks.keep(knock)
    knocks.keep(knock)
    assert not Message.objects.filter(template="sign_in_code").exists() and not Challenge.objects.exclude(digest="")


def test_only_the_right_two_words_send_a_code_and_every_answer_is_the_same(client, stay):
    """A8, Z9"""
    last = stay.contact_name.split()[-1]
    said = []
    for reference, name in ((stay.reference.lower(), last.upper()), (stay.reference, "Smith"), ("PW-0000000000", last)):
        answer = ask(client, reference, name)
        said.append(words(answer).replace(reference.upper(), "…"))
        assert client.post(CODE, {"code": "12345x"}).status_code == 400
    assert said[0] == said[1] == said[2]
    sent = Message.objects.filter(template="sign_in_code")
    assert list(sent.values_list("recipient", flat=True)) == ["asha@example.com"]


def test_the_code_opens_the_stay_once(client, stay):
    ask(client, stay.reference, stay.contact_name)
    code, page = code_sent(), reverse("bookings:stay", args=[stay.reference])
    assert client.get(page).status_code == 404
    assert client.post(CODE, {"code": code})["Location"] == page
    assert client.get(page).status_code == 200
    assert client.post(CODE, {"code": code})["Location"] == FIND


def test_five_tries_of_one_code_and_then_even_the_right_one_is_nothing(client, stay):
    """A5"""
    ask(client, stay.reference, stay.contact_name)
    code = code_sent()
    for _ in range(5):
        assert client.post(CODE, {"code": "000000" if code != "000000" else "111111"}).status_code == 400
    assert client.post(CODE, {"code": code}).status_code == 400
    assert client.get(reverse("bookings:stay", args=[stay.reference])).status_code == 404


def test_a_code_of_one_stay_opens_no_other(stay, stays):
    """A7"""
    other, at = stays.paid(email="other@example.com"), timezone.now()
    challenge = lookup.ask(stay.reference, stay.contact_name, address="::1", at=at)
    work.drain("knock")
    with pytest.raises(Invalid, match="not right"):
        lookup.open_with(challenge.public_id, code_sent(), other.reference, address="::1", at=at)


def test_codes_are_not_sent_without_end(client, stay):
    """D7: five letters an hour for one stay; twenty questions an hour from one address, whatever they are about.

    Wrong names do not count for the stay: nobody shuts its guest out by knowing the reference.
    """
    for _ in range(6):
        assert ask(client, stay.reference, "Wrong").status_code == 200
    for _ in range(7):
        assert ask(client, stay.reference, stay.contact_name).status_code == 200
    assert Message.objects.filter(template="sign_in_code").count() == 5
    for _ in range(7):
        ask(client, "PW-0000000000", "Smith")
    answer = client.post(FIND, {"reference": "PW-0000000000", "last_name": "Smith"})
    assert answer.status_code == 429 and answer["Retry-After"]


def test_a_link_lives_thirty_days_after_the_stay(client, stay):
    now = timezone.now()
    StayBooking.objects.filter(pk=stay.pk).update(ended_at=now - timedelta(days=29))
    assert opened(client, stay).status_code == 303
    client.logout()
    StayBooking.objects.filter(pk=stay.pk).update(ended_at=now - timedelta(days=32))
    answer = opened(client, stay)
    assert answer.status_code == 404 and stay.reference in answer.content.decode()
    ask(client, stay.reference, stay.contact_name)
    assert client.post(CODE, {"code": code_sent()}).status_code == 303


def test_the_front_door_asks_who_is_there(client, stay, stays, guest):
    own = stays.paid(user=guest)
    for one in (stay, own):
        asks = client.get(links.front_door(one.reference).removeprefix("http://testserver"))
        assert asks.status_code == 200 and f'value="{one.reference}"' in asks.content.decode()
    client.force_login(guest)
    assert client.get(f"{FIND}?reference={own.reference}").status_code == 302


@pytest.mark.parametrize(
    ("typed", "name", "right"),
    [("rao", "Asha Rao", True), ("RÀO", "Asha Rao", True), ("van Dyk", "An van Dyk", True), ("ao", "Asha Rao", False),
     ("", "Asha Rao", False), ("Asha", "Asha Rao", False), ("Om", "Om", True)],
)  # fmt: skip
def test_last_names(typed, name, right):
    assert lookup.is_last_name(typed, name) is right


@pytest.mark.parametrize("typed", ["hello", "PW-", "PW-7K3M9QX2B", "12345", "PW-7K3M9QX2BDX"])
def test_what_is_no_reference_is_told_kindly_and_nothing_is_lost(client, stay, typed):
    answer = client.post(FIND, {"reference": typed, "last_name": "Rao"})
    words = answer.content.decode()
    assert answer.status_code == 400 and "looks like PW-7K3M9QX2BD" in words
    assert f'value="{typed}"' in words and 'value="Rao"' in words
    assert not Challenge.objects.exists()


def test_a_reference_may_be_typed_without_its_dash(client, stay):
    for typed in (stay.reference.lower(), stay.reference.replace("-", ""), stay.reference.removeprefix("PW-")):
        assert client.post(FIND, {"reference": typed, "last_name": "Rao"})["Location"] == CODE
    work.drain("knock")
    assert Message.objects.filter(template="sign_in_code").count() == 3


def test_the_link_of_a_stay_that_is_in_an_account_says_so(client, stay, guest):
    """Z1: that it is in an account, not in whose; neither name nor address is told."""
    assert opened(client, stay).status_code == 303
    StayBooking.objects.filter(pk=stay.pk).update(user=guest)
    page = reverse("bookings:stay", args=[stay.reference])
    told = [client.get(opened(client, stay)["Location"]), client.get(page)]
    assert [one.status_code for one in told] == [200, 404]
    for one in told:
        words = one.content.decode()
        assert "This stay is now in an account" in words
        assert guest.email not in words and guest.get_full_name() not in words
