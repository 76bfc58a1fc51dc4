"""Pages that tell somebody where she is and how it goes on: in words, in the house's time, without an error."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from backoffice.roles import keep_roles
from config.tests.cast import _person
from core.actors import SYSTEM
from notifications.sandbox_crm import intake
from notifications.sandbox_crm.models import Received
from notifications.webhooks import subscriptions
from notifications.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEvent
from rooms.domain.staffing import works_only_for
from rooms.models import Property

pytestmark = pytest.mark.django_db


def browser(role: str, *, works: bool = True) -> Client:
    keep_roles()
    person = _person(f"Some {role.title()}", role, staff=True)
    works_only_for(person, Property.objects.all() if works else [])
    client = Client()
    client.force_login(User.objects.get(pk=person.pk))
    return client


@pytest.mark.parametrize(("role", "bodies"), [("manager", False), ("admin", True)])
def test_who_adds_webhooks_gives_the_sandbox_crm_their_secret(retreat, role, bodies):
    """What events carried names guests: read by administrators only."""
    Received.objects.create(type="booking.held", body={"note": "ASHAS NAME"}, answered=200)
    client = browser(role)
    page = client.get("/sandbox/crm/desk")
    assert page.status_code == 200 and "booking.held" in page.text and ("ASHAS NAME" in page.text) is bodies
    assert client.post("/sandbox/crm/desk", {"secret": "whsec_new"}).status_code in (302, 303)
    assert "whsec_new" in intake.desk().secrets


def test_others_and_a_manager_of_no_property_do_not_open_the_sandbox_crm(retreat):
    before = intake.desk().secrets
    for client in (browser("manager", works=False), browser("finance")):
        page = client.get("/sandbox/crm/desk")
        assert page.status_code == 403 and "ask an administrator" in page.text and "ask the manager" not in page.text
        assert client.post("/sandbox/crm/desk", {"secret": "whsec_x"}).status_code == 403
    assert intake.desk().secrets == before


def test_the_page_of_a_secret_says_how_the_sandbox_crm_believes_it(retreat):
    form = {"name": "CRM", "url": "https://crm.example.com/in", "events": ["booking.*"], "personal": "on"}
    page = browser("manager").post("/admin/notifications/webhooksubscription/add/", form)
    assert page.status_code == 200 and 'href="/sandbox/crm/desk"' in page.text


def test_a_delivery_speaks_one_time(retreat, now):
    """21:30 UTC is 03:00 of the next day in the house; no row says the other."""
    row, _ = subscriptions.add(
        "CRM", url="https://crm.example.com/in", events=["booking.*"], personal=False, by=SYSTEM, at=timezone.now()
    )
    at = datetime(2027, 3, 1, 21, 30, tzinfo=UTC)
    event = WebhookEvent.objects.create(
        public_id="evt_1", key="k", type="booking.held", subject="booking:PW-7K3M9QX2BD", sequence=1, created_at=at
    )
    sent = WebhookDelivery.objects.create(event=event, subscription=row, due_at=at, created_at=at, give_up_at=at)
    tried = WebhookAttempt.objects.create(delivery=sent, at=at, status=500, milliseconds=3)
    words = browser("manager").get(f"/admin/notifications/webhookdelivery/{sent.pk}/change/").text
    assert words.count("Tue 2 Mar 2027, 03:00") >= 3 and "21:30" not in words and "03:00:00" not in words
    assert "Tue 2 Mar 2027, 03:00" in str(tried)


def test_a_role_without_pages_is_greeted_and_led_on(retreat):
    page = browser("facilitator").get("/admin/").text
    assert "have permission to view or edit" not in page and "nothing is wrong with your account" in page
    assert 'href="/profile/security"' in page and re.search(r'href="/"[^>]*>To the site', page)


def test_the_door_of_the_back_office_keeps_to_the_policy(guest):
    """The theme's script would write a style of its own, which the policy refuses."""
    client = Client()
    client.force_login(guest)
    page = client.get("/admin/login/")
    assert page.status_code == 403 and '"includeIndicatorStyles": false' in page.text


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("notifications/stafftask", "What needs a person comes here by itself"),
        ("audit/accesslog", "Each opening of a protected record"),
    ],
)
def test_an_empty_list_says_what_would_be_there(retreat, path, words):
    assert words in browser("admin").get(f"/admin/{path}/").text


def test_words_of_a_role_are_explained(retreat):
    page = browser("admin").get("/admin/roles/front_desk/").text
    assert "Whose things: none" in page and "bo-table--doors" in page
