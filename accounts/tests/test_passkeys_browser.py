"""Passkeys in a real browser with a virtual authenticator, and the pages of the account as axe sees them."""

from __future__ import annotations

import os
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "a-long-enough-password"
PHONE, DESK = 390, 1280


def sees_no_fault(page, name: str) -> None:
    """On a desk and on a phone axe finds nothing and nothing hangs over the edge; PICTURES names a folder for some."""
    before = page.viewport_size
    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        _look(page, name)
    page.set_viewport_size(before)


def _look(page, name: str) -> None:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]})
    assert not found.response["violations"], (name, found.generate_report())
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), name
    if os.environ.get("PICTURES"):
        page.screenshot(path=f"{os.environ['PICTURES']}/{name}-{page.viewport_size['width']}.png", full_page=True)


def sign_in(page, user) -> None:
    page.goto("/sign-in")
    page.fill("main [name=email]", user.email)
    page.fill("main [name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def authenticator(page) -> None:
    """A finger on this device, always there."""
    talk = page.context.new_cdp_session(page)
    talk.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    talk.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_member_of_staff_lives_with_a_passkey(visit, town, settings, retreat, front_desk):
    """Enrolment, recovery codes, signing in without a password, asking again, taking it away."""
    settings.STAFF_MFA_REQUIRED = True
    page = visit(width=DESK)
    authenticator(page)
    sign_in(page, front_desk)
    page.wait_for_url("**/profile/security/set-up")
    sees_no_fault(page, "enrol")
    page.get_by_role("link", name=re.compile("Add a passkey")).click()
    sees_no_fault(page, "passkey-add")
    page.fill("[name=name]", "Desk telephone")
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url("**/profile/security/recovery")
    sees_no_fault(page, "recovery")
    page.goto("/profile/security")
    assert "Desk telephone" in page.inner_text("main")
    sees_no_fault(page, "security-staff")
    page.goto("/admin/today/")
    assert page.url.endswith("/admin/today/")

    page.goto("/profile/security")
    page.locator("main").get_by_role("link", name="Back office").wait_for()
    page.context.clear_cookies()
    page.goto("/sign-in?next=/admin/today/")
    sees_no_fault(page, "sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(re.compile(r"//[^/]+/admin/today/$"))

    page.context.clear_cookies()
    sign_in(page, front_desk)
    page.wait_for_url("**/sign-in/factor")
    sees_no_fault(page, "factor")
    page.get_by_role("button", name="Use my passkey").click()
    page.wait_for_url("**/admin/**")
    assert Authenticator.objects.get(user=front_desk, type="webauthn").last_used_at is not None


def test_a_guest_looks_after_her_account_without_script(visit, town, guest):
    """Everything but passkeys works without JavaScript: app, recovery codes, password, address, devices."""
    page = visit(js=False, width=DESK)
    sign_in(page, guest)
    page.wait_for_url("**/stays")
    page.goto("/profile/security")
    page.get_by_role("link", name=re.compile("Set up")).click()
    secret = page.locator("code.key").inner_text()
    page.fill("[name=code]", format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    page.get_by_role("button", name="Switch it on").click()
    page.wait_for_url("**/profile/security/recovery")
    kept = page.locator(".codes code").first.inner_text()
    page.context.clear_cookies()
    sign_in(page, guest)
    page.wait_for_url("**/sign-in/factor")
    assert not page.get_by_role("button", name="Use my passkey").is_visible()
    page.fill("[name=code]", kept)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/stays")


PAGES = {
    "register": "/register",
    "code-ask": "/sign-in/code",
    "forgot": "/password/forgot",
    "reset-old": "/password/new/1-choose",
    "undo-old": "/account/undo/nothing",
    "closed": "/sign-in/closed",
}
OWN = {
    "security": "/profile/security",
    "app-add": "/profile/security/app",
    "email": "/profile/security/email",
    "phone": "/profile/security/phone",
    "password": "/profile/password",
    "ask-again": "/sign-in/again?next=/profile/security",
    "profile": "/profile",
}


def test_the_pages_of_an_account_have_no_fault(visit, town, guest):
    """WCAG 2.2 AA by axe, on a desk and on a phone."""
    page = visit(width=DESK)
    for name, path in PAGES.items():
        page.goto(path)
        sees_no_fault(page, name)
    page.goto("/sign-in/code")
    page.fill("main [name=email]", guest.email)
    page.get_by_role("button", name="Send me the code").click()
    page.wait_for_url("**/sign-in/code/confirm")
    sees_no_fault(page, "code-confirm")
    page.fill("main [name=code]", "123")
    page.get_by_role("button", name="Go on").click()
    page.locator("[data-errors]").wait_for()
    sees_no_fault(page, "code-wrong")
    sign_in(page, guest)
    page.wait_for_url("**/stays")
    for name, path in OWN.items():
        page.goto(path)
        sees_no_fault(page, name)
