"""The pay page and cancelling on the pages: kind refusals, one charge, nothing changed by a no."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from bookings.models import StayBooking
from bookings.tests.pages import field, words
from bookings.tests.test_web_stays import opened
from payments.domain import capture
from payments.models import Payment, Refund
from rooms.models import InventoryNight

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stay(stays, client):
    made = stays.held()
    opened(client, made)
    return made


def pay_address(stay) -> str:
    return reverse("bookings:pay", args=[stay.reference])


def test_terms_stand_beside_the_pay_button(client, stay):
    said = words(client.get(pay_address(stay)))
    assert "Pay ₹50,000" in said
    assert "If our doctor says no" in said and "100 % back" in said and "50 % back" in said
    assert f"{stay.check_in - timedelta(days=8):%b %Y}" in said


def test_paying_begins_an_attempt_and_hands_the_browser_over(client, stay):
    answer = client.post(pay_address(stay), {"milestone": "deposit", "amount": "1.00"})
    payment = Payment.objects.get()
    assert (answer.status_code, payment.amount) == (303, Decimal("50000.00"))
    assert answer["Location"] == reverse("payments:handoff", args=[payment.public_id])
    page = client.get(answer["Location"])
    assert 'action="https://gateway.example/pay"' in page.content.decode()
    assert field(page, "txnid") == payment.txnid


def test_a_reload_of_the_hand_off_starts_no_second_attempt(client, stay):
    """P2: a refresh shows the same attempt."""
    address = client.post(pay_address(stay), {"milestone": "deposit"})["Location"]
    first, second = client.get(address), client.get(address)
    assert field(first, "txnid") == field(second, "txnid")
    assert Payment.objects.count() == 1


def test_two_tabs_never_pay_twice(client, stay, stays):
    """P3: what one tab has paid, the other tab cannot pay again."""
    for _ in range(2):
        client.post(pay_address(stay), {"milestone": "deposit"})
    first, second = Payment.objects.order_by("id")
    stays.gateway.pays(first)
    capture.confirm(first, at=stays.at)
    answer = client.post(pay_address(stay), {"milestone": "deposit"}, follow=True)
    assert "paid already. Nothing was charged twice." in words(answer)
    assert Payment.objects.count() == 2
    stays.gateway.pays(second)
    capture.confirm(second, at=stays.at)
    assert Refund.objects.get().amount == second.amount
    stay.refresh_from_db()
    assert stay.state == "pending_medical"


def test_a_busy_bank_is_waited_for(client, stay, stays):
    payment = stays.started(stay, "deposit")
    stays.gateway.pays(payment, outcome="pending")
    capture.confirm(payment, at=stays.at)
    answer = client.post(pay_address(stay), {"milestone": "deposit"})
    assert answer["Location"] == reverse("payments:status", args=[payment.public_id])
    assert Payment.objects.count() == 1
    assert "please do not pay again" in words(client.get(pay_address(stay)))


def test_a_lapsed_hold_takes_no_money(client, stay, stays):
    StayBooking.objects.filter(pk=stay.pk).update(hold_expires_at=stays.at - timedelta(minutes=1))
    answer = client.post(pay_address(stay), {"milestone": "deposit"})
    assert answer.status_code == 409
    assert "time to pay has run out" in words(answer)
    assert not Payment.objects.exists()


@pytest.mark.parametrize("milestone", ["half", "balance", "full", "x" * 300, "\x00", ""])
def test_a_milestone_that_is_not_open_starts_nothing(client, stay, milestone):
    assert client.post(pay_address(stay), {"milestone": milestone}).status_code in (303, 400, 409)
    assert not Payment.objects.exists()


def test_after_the_yes_half_or_everything_may_be_paid(client, stays):
    stay = stays.approved()
    opened(client, stay)
    said = words(client.get(pay_address(stay)))
    assert "Up to half of your stay" in said and "Everything that is left" in said
    client.post(pay_address(stay), {"milestone": "balance"})
    assert Payment.objects.latest("id").amount == stay.total - Decimal("50000")


def test_a_failed_payment_keeps_the_room_and_offers_another_try(client, stay, stays):
    payment = stays.started(stay, "deposit")
    stays.gateway.pays(payment, outcome="failed")
    capture.confirm(payment, at=stays.at)
    answer = client.get(reverse("payments:status", args=[payment.public_id]), follow=True)
    said = words(answer)
    assert "did not go through" in said and "Pay ₹50,000" in said
    stay.refresh_from_db()
    assert stay.state == "held"


def test_cancelling_shows_the_refund_and_gives_exactly_that(client, stays):
    stay = stays.paid(start=6)
    opened(client, stay)
    address = reverse("bookings:cancel", args=[stay.reference])
    page = client.get(address)
    assert "You get back ₹25,000" in words(page)
    answer = client.post(address, {"expected_refund": field(page, "expected_refund"), "reason": "Plans"}, follow=True)
    stay.refresh_from_db()
    assert (stay.state, Refund.objects.get().amount) == ("cancelled", Decimal("25000.00"))
    assert "Your refund ₹25,000" in words(answer)
    again = client.post(address, {"expected_refund": "25000.00"}, follow=True)
    assert "cancelled already" in words(again)
    assert Refund.objects.count() == 1


@pytest.mark.parametrize("expected", ["50001.00", "0.00", "", "NaN", "-1", "x"])
def test_another_figure_than_shown_cancels_nothing(client, stays, expected):
    stay = stays.paid()
    opened(client, stay)
    sold = InventoryNight.objects.filter(sold=1).count()
    answer = client.post(reverse("bookings:cancel", args=[stay.reference]), {"expected_refund": expected})
    assert answer.status_code in (400, 409)
    assert "You get back ₹50,000" in words(answer)
    stay.refresh_from_db()
    assert stay.state == "pending_medical"
    assert InventoryNight.objects.filter(sold=1).count() == sold
    assert not Refund.objects.exists()


def test_a_stay_under_way_cannot_be_cancelled_here(client, stays):
    stay = stays.paid()
    StayBooking.objects.filter(pk=stay.pk).update(state="checked_in")
    opened(client, stay)
    address = reverse("bookings:cancel", args=[stay.reference])
    assert client.get(address).status_code == 303
    client.post(address, {"expected_refund": "50000.00"})
    stay.refresh_from_db()
    assert stay.state == "checked_in"


def test_cancelling_needs_the_token_of_our_own_page(stays):
    """I8: another site cannot cancel a stay."""
    from django.test import Client

    stay = stays.paid()
    strict = Client(enforce_csrf_checks=True)
    opened(strict, stay)
    address = reverse("bookings:cancel", args=[stay.reference])
    assert strict.post(address, {"expected_refund": "50000.00"}).status_code == 403
    stay.refresh_from_db()
    assert stay.state == "pending_medical"
