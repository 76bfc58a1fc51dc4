"""The main job in a real browser, both ways: on a desk's screen, and on a phone without JavaScript."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bookings.models import StayBooking
from config.tests.cast import PASSWORD
from core.money import format_inr
from notifications.models import Message
from payments.simulator.models import Refund as PaidBack
from rooms.models import InventoryNight

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE, DESK = 390, 1280


def book(page, today, *, start: int, nights: int = 5) -> StayBooking:
    """From the front door to the payment page, as a guest without an account."""
    page.goto("/")
    panel = page.locator("form[action='/search']").first
    panel.locator("[name=check_in]").fill(f"{today + timedelta(start)}")
    panel.locator("[name=check_out]").fill(f"{today + timedelta(start + nights)}")
    panel.locator("[name=adults]").fill("1")
    panel.locator("[name=program]").select_option("detox")
    panel.locator("button[type=submit]").last.click()
    total = format_inr(47000 * nights)
    assert total in page.inner_text("main"), "the total stands on the first result"
    page.get_by_role("link", name=re.compile("Choose Standard")).click()
    page.get_by_role("link", name="Your details").first.click()
    page.fill("main [name=name]", "Asha Rao")
    page.fill("main [name=email]", "asha@example.com")
    page.fill("main [name=phone]", "+91 98123 45678")
    page.locator("main button[type=submit]").last.click()
    assert total in page.inner_text("main"), "the same figure on the last page"
    page.check("main [name=terms]")
    page.get_by_role("button", name=re.compile("Hold the room")).click()
    page.wait_for_url("**/stays/*/pay")
    return StayBooking.objects.latest("id")


def pay(page, town, stay, *, js: bool, outcome: str = "success") -> None:
    """Over to PayU's page, choose, come back; the workers do their part."""
    page.goto(f"/stays/{stay.reference}/pay")
    page.locator("#pay button[type=submit]").click()
    if not js:
        page.locator("form[data-handoff] button").click()
    page.wait_for_url("**/sandbox/payu/pay/*")
    page.locator(f"[value={outcome}]").first.click()
    if page.locator("main button[type=submit], form button").count() and "/return" not in page.url:
        page.locator("form button").first.click()
    if not js:
        page.locator("form button").first.click()
    page.wait_for_url(re.compile(r".*/(payments|stays)/.*"))
    town.turn()
    page.reload()
    stay.refresh_from_db()


def fill_form(page, stay) -> None:
    """The guest form, part by part, then the agreement."""
    page.goto(f"/stays/{stay.reference}")
    page.get_by_role("link", name="Fill in the guest form").first.click()
    page.get_by_role("link", name="Begin").click()
    page.fill("[name=q1]", "1984-05-21")
    page.get_by_role("button", name="Save and go on").click()
    page.locator("[name=q4][value=false]").check(force=True)
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("link", name="It is right, go on").click()
    for box in page.locator("main input[type=checkbox]").all():
        box.check(force=True)
    page.get_by_role("button", name="Send it to my doctor").click()
    stay.refresh_from_db()
    assert stay.state == "in_review", page.inner_text("main")


def staff(visit, user, **how):
    """A member of staff who has signed in to the back office."""
    page = visit(**how)
    page.goto("/admin/")
    page.fill("main [name=email]", user.email)
    page.fill("main [name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r".*/admin/(?!login).*"))
    page.wait_for_load_state("networkidle")
    return page


def review(visit, town, doctor, stay, deed: str) -> None:
    """The doctor opens her queue, reads, and decides on one screen."""
    page = staff(visit, doctor, width=DESK)
    page.goto("/admin/medical/medicalform/")
    page.get_by_role("link", name=re.compile(f"Asha Rao|{stay.reference}")).first.click()
    page.get_by_text("1984").first.wait_for()
    page.locator("details", has=page.locator(f"button[value={deed}]")).locator("summary").click()
    if deed == "not_suitable":
        assert "₹50,000" in page.locator("details[open]").inner_text(), "what goes back is shown first"
        page.locator("details[open] [name$=seen]").check()
    page.locator(f"button[value={deed}]").click()
    page.wait_for_load_state("networkidle")
    town.turn()
    stay.refresh_from_db()


def test_approved_confirmed_checked_in_completed(visit, town, retreat, doctor, front_desk, today):
    """On a desk's screen, with everything a modern browser has."""
    page = visit(width=DESK)
    stay = book(page, today, start=0)
    assert stay.state == "held"
    pay(page, town, stay, js=True)
    assert stay.state == "pending_medical" and "₹50,000 has arrived" in page.inner_text("main")
    fill_form(page, stay)
    review(visit, town, doctor, stay, "approve")
    assert stay.state == "approved"
    pay(page, town, stay, js=True)
    assert stay.state == "confirmed"
    pay(page, town, stay, js=True)
    desk = staff(visit, front_desk, width=DESK)
    row = desk.locator("tr", has_text=stay.reference)
    row.get_by_role("button", name="Check in").click()
    stay.refresh_from_db()
    assert stay.state == "checked_in", desk.inner_text("body")
    stay = StayBooking.objects.get()
    desk.goto(f"/admin/bookings/staybooking/{stay.pk}/change/")
    desk.get_by_role("link", name="Check out").first.click()
    desk.locator("main form button, #content form button").last.click()
    stay.refresh_from_db()
    assert stay.state == "completed", desk.inner_text("body")
    town.turn()
    page.goto(f"/stays/{stay.reference}")
    assert "Completed" in page.inner_text("main")
    assert not Message.objects.exclude(work_state="done").exists()


def test_rejected_refunded_and_the_room_is_free(visit, town, retreat, doctor, today):
    """On a phone, without JavaScript."""
    page = visit(js=False, width=PHONE, height=844)
    stay = book(page, today, start=5)
    pay(page, town, stay, js=False, outcome="failure")
    assert stay.state == "held", "a failed payment keeps the room"
    pay(page, town, stay, js=False)
    assert stay.state == "pending_medical"
    fill_form(page, stay)
    review(visit, town, doctor, stay, "not_suitable")
    assert stay.state == "not_suitable"
    page.goto(f"/stays/{stay.reference}")
    words = page.inner_text("main")
    assert "₹50,000" in words and "medical" not in words.lower()
    assert PaidBack.objects.get().amount == 50000
    assert not InventoryNight.objects.exclude(sold=0).exists()


def test_cancelled_with_the_refund_shown_first(visit, town, retreat, doctor, today):
    page = visit(js=False, width=PHONE, height=844)
    stay = book(page, today, start=5)
    pay(page, town, stay, js=False)
    page.goto(f"/stays/{stay.reference}/cancel")
    assert "₹25,000" in page.inner_text("main")
    page.locator("main form button[type=submit]").last.click()
    town.turn()
    stay.refresh_from_db()
    assert stay.state == "cancelled" and PaidBack.objects.get().amount == 25000
    page.goto(f"/stays/{stay.reference}")
    assert "₹25,000" in page.inner_text("main")
