"""What the back office shows is words: no keys of ours, no numbers of rows, and letters that say what happened."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from accounts.domain import notices
from accounts.domain.privacy import consents
from accounts.domain.privacy.consents import Origin
from accounts.models import User
from audit.models import AccessLog
from audit.record import looked
from backoffice import alarms
from backoffice.views.home import open_tasks
from config.tests.cast import PASSWORD
from core.actors import SYSTEM
from notifications.domain import desk
from notifications.models import Message, StaffTask
from notifications.preview import letter
from notifications.webhooks import subscriptions
from notifications.webhooks.models import WebhookSubscription

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(retreat) -> User:
    person = User.objects.create_user("chief@pema.test", PASSWORD, first_name="Chief", is_staff=True, is_superuser=True)
    person.groups.add(Group.objects.get(name="admin"))
    return person


@pytest.fixture
def page(chief):
    client = Client()
    client.force_login(chief)
    return lambda address, **asked: client.get(address, asked).content.decode()


def receiver(**more) -> WebhookSubscription:
    return WebhookSubscription.objects.create(name="House CRM", url="https://crm.example/in", secret="x", **more)


def test_a_task_about_a_webhook_is_the_managements_and_says_its_name(page, chief, front_desk):
    gone = receiver()
    subscriptions._ask(gone, "Webhook “House CRM” is off", key="x", at=timezone.now())
    task = StaffTask.objects.get()
    assert task.desk == StaffTask.Desk.MANAGEMENT
    words = page("/admin/notifications/stafftask/")
    assert f"webhook:{gone.pk}" not in words
    assert re.search(rf'href="/admin/notifications/webhooksubscription/{gone.pk}/change/"[^>]*>Webhook<', words)
    assert "Mark as done" in words and ">open<" in words
    assert task in open_tasks(chief) and task not in open_tasks(front_desk)


def test_a_task_that_is_done_says_by_whom_and_has_no_button(page, chief):
    task = desk.ask_staff("finance", "Look", key="k", subject="", at=timezone.now())
    desk.finish(task, user_id=chief.pk, at=timezone.now())
    words = page("/admin/notifications/stafftask/", standing="all")
    assert f"done by {chief}" in words and "Mark as done" not in words


def test_operations_name_promises_in_words_and_show_a_receiver_that_is_off(page):
    receiver(state=WebhookSubscription.State.OFF, note="The receiver answered 410 Gone.")
    words = page("/admin/operations/")
    assert "Notices of the payment gateway" in words and "Gateway_event" not in words
    assert re.search(r'House CRM</a>.*bo-badge--stop">off<', words, re.S) and "410 Gone" in words
    assert not re.search(r"bo-badge--ok[^>]*>good", page("/admin/notifications/webhooksubscription/"))


def test_messages_and_looks_are_called_by_words(page, chief, guest):
    looked(chief, "form:0d4b4335-52e5-4f7b-8c62-0812055fbb2d", what="answers", purpose="review", at=timezone.now())
    notices.tell(guest, "password_changed", at=timezone.now())
    assert AccessLog.objects.exists()
    looks = page("/admin/audit/accesslog/")
    assert "Guest form 0d4b4335" in looks and "form:0d4b4335" not in looks
    sent = page("/admin/notifications/message/")
    assert "Account notice" in sent and "account_notice" not in sent


def test_the_letter_of_an_alarm_says_what_who_when_and_what_to_do(retreat, guest):
    at = timezone.now()
    notices.happened("contact_undone", user=guest, at=at, alarm=True, kind="phone")
    mail = letter(Message.objects.get(template="staff_task"))
    assert mail.subject.endswith("Security: a change of contact was taken back")
    for text in (mail.text, mail.html):
        for said in (
            "The telephone number of an account was changed",
            guest.get_full_name(),
            "What to do:",
            "Call the",
        ):
            assert said in text, said
    link = alarms.words("contact_undone", user_id=guest.pk, at=at, data={})["link"]
    assert link.endswith(f"/admin/audit/history/?q=user:{guest.pk}")


@pytest.mark.parametrize("limit", ["sign-in", "failed-sign-ins", "something-new"])
def test_every_alarm_has_a_body(retreat, limit):
    notices.happened("limit_reached", at=timezone.now(), alarm=True, limit=limit)
    assert "A limit was reached" in letter(Message.objects.get(template="staff_task")).text


def test_an_offer_goes_by_a_button_and_only_to_who_agreed(desk_of, chief, guest):
    """Without a yes nothing is sent; with one, one letter with its way to stop."""
    client = Client()
    client.force_login(chief)
    path = f"/admin/accounts/user/{guest.pk}/offer/"
    assert "/sign-in/again" in client.get(path)["Location"]
    client = desk_of(chief)
    words = {"title": "June", "text": "Rain week", "page": "/programs"}
    assert client.get(path).status_code == 200
    refused = client.post(path, words)
    assert refused.status_code == 409 and "has not agreed to offers" in refused.content.decode()
    assert not Message.objects.exists()
    consents.decide(guest, {"offers": True}, origin=Origin("web"), by=SYSTEM, at=timezone.now())
    assert [client.post(path, words).status_code for _ in range(2)] == [302, 409]
    sent = Message.objects.get(template="offer")
    assert sent.recipient == guest.email and "Rain week" in letter(sent).text
    assert client.post(path, {**words, "page": "https://evil.example"}).status_code == 400


def test_only_administrators_send_offers(front_desk, guest):
    client = Client()
    client.force_login(front_desk)
    assert client.post(f"/admin/accounts/user/{guest.pk}/offer/", {"title": "x", "text": "y"}).status_code in (403, 404)
    assert not Message.objects.exists()
