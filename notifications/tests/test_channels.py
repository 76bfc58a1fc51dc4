"""Messages over their channels: sealed, in time, each once, and nothing told to those who look on."""

import logging
from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from accounts.domain import devices
from accounts.signals import code_promised
from core import work
from notifications.channels.base import Busy, Gone, Refused, Unclear
from notifications.checks import carriers_are_whole
from notifications.domain import messages
from notifications.domain.sealing import whole
from notifications.models import MailboxItem, Message
from notifications.preview import letter

pytestmark = pytest.mark.django_db
CODE = "493027"


def told(channel="sms", to="+919876543210", minutes=5):
    at = timezone.now()
    code_promised.send(
        None, channel=channel, to=to, code=CODE, name="Asha", language="en",
        expires_at=at + timedelta(minutes=minutes), purpose="sign_in",
    )  # fmt: skip
    return Message.objects.get()


class Carrier:
    """Says what it is told to say, one word a call."""

    def __init__(self, *words):
        self.words, self.sent = list(words), []

    def send(self, parcel):
        word = self.words.pop(0) if self.words else "id-1"
        if isinstance(word, Exception):
            raise word
        self.sent.append(parcel)
        return word


@pytest.fixture
def carrier(monkeypatch):
    def use(*words):
        one = Carrier(*words)
        monkeypatch.setattr(messages, "carrier", lambda name: one)
        return one

    return use


def kept(message, *, later=0):
    work.drain(messages.KIND, at=timezone.now() + timedelta(seconds=later))
    message.refresh_from_db()
    return message


def test_a_code_is_sealed_until_it_is_sent_and_gone_afterwards(carrier):
    """L1: neither the table nor the preview ever shows the code."""
    post, message = carrier(), told()
    row = Message.objects.values().get()
    assert CODE not in str(row) and row["sealed"]
    assert CODE not in letter(message).text and "••••••" in letter(message).text
    assert kept(message).sent_at and message.sealed == "" and message.provider_id == "id-1"
    assert post.sent[0].to == "+919876543210" and CODE in post.sent[0].text
    assert post.sent[0].words == {"code": CODE, "minutes": "5"}


def test_a_code_by_mail_says_it_in_the_letter_and_not_in_the_subject():
    """L1"""
    kept(told("email", "asha@pema.example"))
    (sent,) = mail.outbox
    assert CODE in sent.body and CODE not in sent.subject and sent.to == ["asha@pema.example"]


def test_the_seal_opens_for_its_own_message_alone():
    """L3"""
    message = told()
    message.key = "another"
    with pytest.raises(Exception, match="cannot be opened"):
        whole(message)


def test_a_code_promised_in_a_transaction_that_fails_was_never_promised():
    with pytest.raises(RuntimeError), transaction.atomic():
        told()
        raise RuntimeError
    assert not Message.objects.exists()


def test_a_stale_code_is_dropped_with_a_word_and_never_sent(carrier):
    """Q11: six hours without a provider, and then nobody gets a code of this morning."""
    post, message = carrier(*[Unclear("away")] * 3), told()
    kept(message)
    assert message.failures == 1 and message.sealed
    Message.objects.update(expires_at=timezone.now(), due_at=timezone.now())
    kept(message, later=3600)
    assert (message.dropped, message.sent_at, message.sealed) == ("too late", None, "") and post.sent == []
    assert message.work_state == work.WorkState.DONE


def test_an_outage_delays_and_each_message_goes_once(carrier):
    """Q11"""
    post = carrier(Unclear("away"), Busy(7), "id-1")
    message = messages.promise(
        "hold_expired", key="k", subject_of="stay:x", recipient="a@pema.example", recipient_name="A",
        context={"link": "https://pema.example/x"}, at=timezone.now(),
    )  # fmt: skip
    for _ in range(4):
        Message.objects.update(due_at=timezone.now())
        kept(message)
    assert len(post.sent) == 1 and message.sent_at and message.failures == 1


def test_a_refusal_is_not_tried_again(carrier):
    post, message = carrier(Refused("no")), told()
    kept(message)
    kept(message, later=9999)
    assert message.work_state == work.WorkState.DEAD and message.attempts == 1 and message.sealed == ""
    assert post.sent == []


def test_a_channel_without_keys_is_off(settings):
    settings.SANDBOX = False
    assert kept(told()).dropped == "this channel is off"


def test_the_sandbox_shows_sms_in_its_mailbox():
    kept(told())
    item = MailboxItem.objects.get()
    assert item.channel == "sms" and CODE in item.text and CODE not in item.subject


def test_a_device_that_is_gone_is_forgotten_and_one_taken_over_gets_nothing(carrier, guest, other_guest):
    at = timezone.now()
    device, _new = devices.register(guest, "token-1", platform="android", at=at)
    push = {"subject_of": "stay:x", "recipient_name": "A", "context": {}, "at": at, "channel": "push"}
    first = messages.promise("payment_reminder", key="p1", recipient=str(device.public_id), **push)
    post = carrier(Gone("the app is not on this device any more"))
    assert "not on this device" in kept(first).dropped and not guest.devices.exists()

    device, _new = devices.register(guest, "token-2", platform="ios", at=at)
    second = messages.promise("payment_reminder", key="p2", recipient=str(device.public_id), **push)
    devices.register(other_guest, "token-2", platform="ios", at=at)
    assert kept(second).dropped == "nobody is there any more" and post.sent == []


def test_nothing_of_a_code_in_the_log(carrier, caplog):
    """L1: the provider fails in every way; the log keeps still."""
    caplog.set_level(logging.DEBUG)
    carrier(Unclear("away"), Refused("no"))
    message = told()
    for later in (0, 60):
        kept(message, later=later)
    assert message.work_state == work.WorkState.DEAD
    assert CODE not in caplog.text and "9876543210" not in caplog.text and CODE not in message.last_error


def test_half_a_key_does_not_start_and_no_key_is_said(settings):
    settings.MSG91_AUTH_KEY, settings.WHATSAPP_TOKEN, settings.FCM_SERVICE_ACCOUNT = "k", "t", {"project_id": "p"}
    assert [one.id for one in carriers_are_whole(None)] == ["pema.E020", "pema.E021", "pema.E022"]
    settings.MSG91_AUTH_KEY, settings.WHATSAPP_TOKEN, settings.FCM_SERVICE_ACCOUNT = "", "", {}
    assert carriers_are_whole(None) == []
    settings.PRODUCTION = True
    assert [one.id for one in carriers_are_whole(None)] == ["pema.I020", "pema.I021", "pema.I022"]
