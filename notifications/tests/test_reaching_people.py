"""Which message goes where: reminders as chosen, offers only with a yes, one click to stop."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts.domain import devices
from accounts.domain.privacy import consents
from accounts.domain.privacy.consents import Origin
from accounts.domain.unsubscribing import link
from bookings.domain.words import tell
from core import work
from core.actors import SYSTEM
from notifications.domain import messages, offers
from notifications.domain.rendering import parcel
from notifications.domain.routes import ROUTES, Purpose
from notifications.domain.sealing import whole
from notifications.models import MailboxItem, Message

pytestmark = pytest.mark.django_db
DUE = {"amount": "₹3,24,500", "due": "Fri 9 Apr 2027"}


def choose(guest, **channels):
    guest.communication_preferences = {"reminders": channels}
    guest.phone = "98765 43210"
    guest.save()


def agree(guest, yes=True):
    consents.decide(guest, {"offers": yes}, origin=Origin("web"), by=SYSTEM, at=timezone.now())


def offer(guest):
    words = {"title": "Quiet weeks", "text": "In June the house is calm.", "link": "https://pema.example/programs"}
    return offers.promise(guest, name="june", at=timezone.now(), **words)


def sent():
    work.drain(messages.KIND, at=timezone.now() + timedelta(seconds=1))


def test_a_reminder_goes_by_mail_and_as_chosen(stays, guest, now):
    stay = stays.held(user=guest)
    device, _new = devices.register(guest, "a-push-token", platform="ios", at=now)
    choose(guest, sms=True, push=True)
    Message.objects.all().delete()
    for _ in range(2):
        tell(stay, "payment_reminder", at=now, once="pay-1", page="pay", **DUE)
    rows = list(Message.objects.order_by("channel").values_list("channel", "recipient"))
    assert rows == [("email", stay.contact_email), ("push", str(device.public_id)), ("sms", "+919876543210")]
    sent()
    (text,) = MailboxItem.objects.filter(channel="sms").values_list("text", flat=True)
    assert text.startswith(f"Pema: ₹3,24,500 for {stay.reference} is due by Fri 9 Apr 2027.")
    assert "/stays/open/" not in text  # a phone shows it to whoever looks
    assert Message.objects.filter(channel="sms").get().expires_at > now


def test_news_of_the_stay_goes_by_mail_alone_whatever_is_chosen(stays, guest, now):
    stay = stays.held(user=guest)
    choose(guest, sms=True, whatsapp=True, push=True)
    Message.objects.all().delete()
    tell(stay, "stay_approved", at=now, **DUE)
    assert list(Message.objects.values_list("channel", flat=True)) == ["email"]


def test_a_stay_without_an_account_is_reminded_by_mail(stays, now):
    stay = stays.held()
    Message.objects.all().delete()
    tell(stay, "payment_reminder", at=now, once="pay-1", **DUE)
    assert list(Message.objects.values_list("channel", flat=True)) == ["email"]


@pytest.mark.parametrize("template", sorted(name for name, route in ROUTES.items() if route.known_as))
def test_short_texts_are_short_and_say_nothing_about_health(template):
    message = Message(key="k", template=template, channel="sms", recipient="+91", language="en")
    context = {"reference": "PW-7K3M9QX2BD", "code": "493027", "minutes": 5, **DUE}
    short = parcel(message, context, to="+919876543210")
    assert 20 < len(short.text) <= 160
    assert all(short.words.values())
    told = f"{short.text} {short.template} {short.subject}".lower()
    assert not [word for word in ("medic", "doctor", "health") if word in told]


def test_an_offer_needs_a_yes(guest):
    assert offer(guest) is None and not Message.objects.exists()
    agree(guest)
    assert offer(guest) is not None
    agree(guest, yes=False)
    sent()
    assert Message.objects.get().dropped == "the reader has stopped it" and mail.outbox == []


def test_an_offer_carries_its_button_to_stop(guest, client):
    """RFC 8058: looking changes nothing, posting stops, without a page and without cookies."""
    agree(guest)
    offer(guest)
    sent()
    (letter,) = mail.outbox
    stop = link(guest)
    assert letter.extra_headers["List-Unsubscribe"] == f"<{stop}>"
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert stop in letter.body
    path = stop.removeprefix("http://testserver")
    assert client.get(path).status_code == 200 and consents.allows(guest, "offers")
    assert client.post(path[:-1], {"List-Unsubscribe": "One-Click"}).status_code == 404
    assert consents.allows(guest, "offers")
    client.handler.enforce_csrf_checks = True
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not consents.allows(guest, "offers") and offer(guest) is None


def test_other_mails_carry_no_such_header(stays, now):
    tell(stays.held(), "stay_approved", at=now, **DUE)
    message = Message.objects.get(template="stay_approved")
    assert parcel(message, whole(message), to="a@pema.example").headers == {}
    assert ROUTES["offer"].purpose == Purpose.OFFER
