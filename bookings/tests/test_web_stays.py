"""The guest's pages of a stay: who sees it, what it says, and that looking changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from audit.models import History
from bookings.domain import access as links
from bookings.domain import lifecycle
from bookings.models import StayBooking
from bookings.tests.pages import words
from core.actors import GUEST_LINK, SYSTEM
from notifications.models import Message
from payments.models import FolioLine, Payment

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = ("bookings:stay", "bookings:pay", "bookings:cancel", "bookings:claim", "bookings:calendar", "guestform:tasks")


def opened(client, stay, page="stay"):
    """The guest follows the link of a mail."""
    return client.get(links.link(stay.reference, page).removeprefix("http://testserver"))


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_finds_nothing(client, stays, other_guest, guest, name):
    """Z1: somebody else's stay answers 404, signed in or not, as a stay that never was."""
    stay = stays.paid(user=guest)
    address = reverse(name, args=[stay.reference])
    assert client.get(address).status_code == 404
    client.force_login(other_guest)
    assert client.get(address).status_code == 404
    assert client.get(reverse(name, args=["PW-0000000000"])).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_the_own_account_sees_its_stay(client, stays, guest, name):
    stay = stays.paid(user=guest)
    client.force_login(guest)
    answer = client.get(reverse(name, args=[stay.reference]))
    assert answer.status_code == (303 if name == "bookings:claim" else 200)
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("page", "name"),
    [("stay", "bookings:stay"), ("pay", "bookings:pay"), ("form", "guestform:tasks"), ("review", "bookings:review")],
)
def test_a_signed_link_opens_its_stay_and_leaves_the_address(client, stays, page, name):
    stay, other = stays.paid(), stays.paid()
    answer = opened(client, stay, page)
    assert answer.status_code == 303
    assert answer["Location"] == reverse(name, args=[stay.reference])
    assert client.get(answer["Location"], follow=True).status_code == 200
    assert client.get(reverse("bookings:stay", args=[other.reference])).status_code == 404


def test_a_broken_link_offers_a_new_one(client, stays):
    stay = stays.held()
    key = links.key(stay.reference)
    for bad in (key[:-1], "x", key + "x"):
        answer = client.get(f"/stays/open/{bad}/stay")
        assert answer.status_code == 404
        assert "send a code to the address" in words(answer)
    assert client.get(reverse("bookings:stay", args=[stay.reference])).status_code == 404


def test_looking_changes_nothing(client, stays):
    """I8: no GET of these pages writes."""
    stay = stays.held()
    opened(client, stay)
    before = (FolioLine.objects.count(), Payment.objects.count(), History.objects.count(), Message.objects.count())
    for name in ("bookings:stays", "bookings:find"):
        assert client.get(reverse(name)).status_code == 200
    for name in ("bookings:stay", "bookings:pay", "bookings:cancel", "bookings:claim"):
        assert client.get(reverse(name, args=[stay.reference])).status_code == 200
    assert client.get(reverse("bookings:extend-hold", args=[stay.reference])).status_code == 405
    stay.refresh_from_db()
    after = (FolioLine.objects.count(), Payment.objects.count(), History.objects.count(), Message.objects.count())
    assert (stay.state, after) == ("held", before)


@pytest.mark.parametrize(
    ("situation", "said"),
    [
        ("held", "Pay ₹50,000"),
        ("paid", "Fill in the guest form"),
        ("in_review", "Our doctor is looking at your form"),
        ("approved", "Pay ₹1,14,500"),
        ("confirmed", "Pay ₹1,64,500"),
    ],
)
def test_each_state_has_one_next_step(client, stays, situation, said):
    stay = getattr(stays, situation)()
    opened(client, stay)
    answer = client.get(reverse("bookings:stay", args=[stay.reference]))
    assert answer.content.decode().count('class="next"') == 1
    assert f"{said}" in words(answer)


def test_the_hold_may_be_extended_once(client, stays):
    stay = stays.held()
    opened(client, stay)
    until = stay.hold_expires_at
    address = reverse("bookings:extend-hold", args=[stay.reference])
    assert client.post(address).status_code == 303
    stay.refresh_from_db()
    assert stay.hold_expires_at == until + timedelta(minutes=10)
    answer = client.post(address, follow=True)
    stay.refresh_from_db()
    assert stay.hold_expires_at == until + timedelta(minutes=10)
    assert "extended once already" in words(answer)


def test_the_list_costs_the_same_for_one_stay_and_for_three(client, stays, guest, django_assert_num_queries):
    """D8: the number of queries does not grow with the stays."""
    client.force_login(guest)
    stays.paid(user=guest)
    ended = stays.held(user=guest)
    lifecycle.cancel(ended, by=GUEST_LINK, at=stays.at)
    with django_assert_num_queries(21):
        assert client.get("/stays").status_code == 200
    stays.paid(user=guest, start=60)
    stays.confirmed(user=guest, start=90)
    lifecycle.cancel(stays.paid(user=guest, start=120), by=GUEST_LINK, at=stays.at)
    with django_assert_num_queries(21):
        answer = client.get("/stays")
    assert words(answer).count("PW-") == 5


def test_the_list_without_stays_says_what_to_do(client, retreat):
    answer = client.get("/stays")
    assert "No stay here yet" in words(answer)
    assert reverse("bookings:search") in answer.content.decode()


def test_the_calendar_file_names_the_stay_and_nothing_medical(client, stays):
    stay = stays.paid()
    opened(client, stay)
    answer = client.get(reverse("bookings:calendar", args=[stay.reference]))
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/calendar")
    assert f"DTSTART;VALUE=DATE:{stay.check_in:%Y%m%d}" in text
    assert "doctor" not in text.lower() and "Detox" not in text


def test_a_cancelled_stay_shows_its_refund_on_its_way(client, stays, drain):
    stay = stays.paid()
    lifecycle.cancel(stay, by=GUEST_LINK, at=stays.at)
    opened(client, stay)
    address = reverse("bookings:stay", args=[stay.reference])
    assert "Your refund ₹50,000" in words(client.get(address))
    drain("refund")
    said = words(client.get(address))
    assert "Back in your account" in said and "ARN-" in said


def test_the_bill_of_a_stay_that_is_over_says_what_came_and_went(client, stays, drain):
    """Nothing is left of the schedule, and "paid 0" stands under the payment and its way back."""
    stay = stays.paid()
    address = reverse("bookings:stay", args=[stay.reference])
    opened(client, stay)
    before = words(client.get(address))
    assert "When you pay" in before and "Your payment" in before
    lifecycle.cancel(stay, by=GUEST_LINK, at=stays.at)
    said = words(client.get(address))
    assert "When you pay" not in said and "Goes back to you" in said
    assert said.count("₹50,000") >= 2 and "-₹50,000" in said and "Paid in all ₹0" in said
    drain("refund")
    assert "Paid back to you" in words(client.get(address))


def test_an_expired_hold_leads_to_the_search(client, stays):
    stay = stays.held()
    StayBooking.objects.filter(pk=stay.pk).update(hold_expires_at=stays.at - timedelta(minutes=1))
    lifecycle.expire(stay, by=SYSTEM, at=stays.at)
    opened(client, stay)
    assert "Look again" in words(client.get(reverse("bookings:stay", args=[stay.reference])))
