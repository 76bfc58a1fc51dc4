"""Webhooks: promised with the change, signed, at least once under one id, 72 hours long, and never to our own house."""

import json
import threading
import time
from datetime import timedelta

import pytest
from django.db import IntegrityError, close_old_connections, connection, transaction
from django.utils import timezone

from accounts.domain.privacy import retention
from audit.models import History
from core import outside, work
from core.actors import SYSTEM
from core.errors import Conflict, Invalid
from notifications.models import StaffTask
from notifications.tests.receivers import FarSide, listener
from notifications.webhooks import deliveries, events, signing, subscriptions
from notifications.webhooks.catalogue import DATA_KEYS
from notifications.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEvent, WebhookSubscription

DATA = {
    **dict.fromkeys(DATA_KEYS[1:]),
    "booking": {"reference": "PW-1", "status": "held"},
    "user": {"id": "u1", "name": "Asha Rao", "email": "asha@example.com", "phone": "+919876543210"},
}


@pytest.fixture
def far_side(monkeypatch):
    side = FarSide()
    monkeypatch.setattr(outside, "call", side.call)
    return side


def announce(at, event_type="booking.held", key="k1", subject="booking:PW-1", data=None):
    with transaction.atomic():
        return events.announce(event_type, key=key, subject=subject, data=data or DATA, at=at)


def due_now():
    WebhookDelivery.objects.filter(work_state="pending").update(due_at=timezone.now() - timedelta(seconds=1))
    WebhookSubscription.objects.update(rests_until=None)


@pytest.mark.django_db
def test_an_event_goes_once_to_each_who_asked_for_it(far_side, now):
    one, _ = listener(now, "one", ["booking.*"])
    listener(now, "two", ["payment.captured"])
    listener(now, "three", ["booking.held", "refund.*"], url="https://three.example.com/")
    event = announce(now)
    assert announce(now) == event and WebhookEvent.objects.count() == 1, "the same cause told twice"
    assert sorted(d.subscription.name for d in WebhookDelivery.objects.all()) == ["one", "three"]
    assert work.drain("webhook") == 2 and work.drain("webhook") == 0
    told = json.loads(far_side.calls[0][1])
    assert list(told) == ["id", "type", "created", "data"] and list(told["data"]) == list(DATA_KEYS)
    assert (told["id"], told["type"]) == (event.public_id, "booking.held")
    assert told["created"] == f"{now.astimezone(tz=timezone.get_fixed_timezone(0)):%Y-%m-%dT%H:%M:%SZ}"
    assert told["data"]["sequence"] == 1 and far_side.calls[0][1] == far_side.calls[1][1]
    delivery = WebhookDelivery.objects.get(subscription=one)
    assert (delivery.work_state, delivery.status, delivery.tries.count()) == ("done", 200, 1)


@pytest.mark.django_db
def test_where_nobody_listens_nothing_is_kept(now):
    row, _ = listener(now)
    subscriptions.switch_off(row, note="", by=SYSTEM, at=now)
    assert announce(now) is None and not WebhookEvent.objects.exists()


@pytest.mark.django_db
def test_an_event_is_part_of_its_transaction(now):
    listener(now)
    with pytest.raises(RuntimeError), transaction.atomic():
        events.announce("booking.held", key="k", subject="booking:PW-1", data=DATA, at=now)
        raise RuntimeError
    assert not WebhookEvent.objects.exists() and not WebhookDelivery.objects.exists()


@pytest.mark.django_db
def test_events_of_a_subject_are_numbered_without_gaps(now):
    listener(now)
    numbers = [announce(now, key=f"k{n}", subject=f"booking:PW-{n % 2}").sequence for n in range(6)]
    assert numbers == [1, 1, 2, 2, 3, 3]


@pytest.mark.django_db
def test_what_is_left_out_for_one_receiver_is_sent_to_another(far_side, now):
    listener(now, "all")
    listener(now, "few", personal=False)
    announce(now)
    work.drain("webhook")
    full, bare = (json.loads(body)["data"] for _, body, _ in far_side.calls)
    assert full["user"]["email"] == "asha@example.com"
    assert bare["user"] == {"id": "u1", "name": None, "email": None, "phone": None}
    assert bare["booking"] == full["booking"] and list(bare) == list(full)


@pytest.mark.django_db
def test_the_signature_proves_time_and_body(far_side, now):
    row, secret = listener(now)
    announce(now)
    work.drain("webhook")
    _, body, headers = far_side.calls[0]
    at = int(time.time())
    assert signing.genuine([secret], body, headers["Webhook-Signature"], now=at) == ""
    assert signing.genuine([secret], body + b" ", headers["Webhook-Signature"], now=at) == "wrong signature"
    assert signing.genuine(["whsec_x"], body, headers["Webhook-Signature"], now=at) == "wrong signature"
    assert signing.genuine([secret], body, headers["Webhook-Signature"], now=at + 301) == "signed too long ago"
    for bad in ("", "t=1", "v1=aa", "t=x,v1=aa", f"t={at},t={at},v1=aa", "t=²,v1=aa"):
        assert signing.genuine([secret], body, bad, now=at) in ("no signature", "signed too long ago")
    assert secret not in row.secret and row.secret.startswith("v1."), "sealed at rest"
    assert secret not in json.dumps(list(History.objects.values_list("data", flat=True)))


@pytest.mark.django_db
def test_while_a_secret_is_replaced_both_sign(far_side, now):
    row, old = listener(now)
    new = subscriptions.rotate(row, by=SYSTEM, at=now)
    announce(now)
    work.drain("webhook")
    _, body, headers = far_side.calls[0]
    value, at = headers["Webhook-Signature"], int(time.time())
    assert value.count("v1=") == 2 and new != old
    assert signing.genuine([old], body, value, now=at) == signing.genuine([new], body, value, now=at) == ""
    row.refresh_from_db()
    assert subscriptions.secrets_of(row, at=now + timedelta(hours=25)) == [new]


@pytest.mark.django_db
def test_refused_receivers_leave_nothing(now):
    """I6: an address of our own house is refused when it is typed."""
    for url in ("http://crm.example.com/", "https://127.0.0.1/", "https://169.254.169.254/", "https://10.0.0.8/x"):
        with pytest.raises(Invalid, match="public|https"):
            listener(now, url=url)
    for wanted in (["nonsense.*"], ["booking.nonsense"], ["*"]):
        with pytest.raises(Invalid):
            listener(now, events=wanted)
    assert not WebhookSubscription.objects.exists()
    listener(now)
    with pytest.raises(Conflict):
        listener(now)
    assert WebhookSubscription.objects.count() == 1


@pytest.mark.django_db
def test_an_address_that_turned_private_is_refused_at_the_socket_and_tried_later(monkeypatch, now):
    """I6: the last look is at the opening of the socket."""
    listener(now)
    announce(now)
    private = [(2, 1, 6, "", ("127.0.0.1", 443))]
    monkeypatch.setattr(outside.socket, "getaddrinfo", lambda *a, **k: private)
    work.drain("webhook")
    row = WebhookDelivery.objects.get()
    assert (row.work_state, row.failures, row.status) == ("pending", 1, None)
    assert "not on the public internet" in row.last_error and "public" in row.tries.get().error


@pytest.mark.django_db
def test_tried_again_for_seventy_two_hours_then_a_person(far_side, now, monkeypatch):
    """The same id and bytes at every try; at the end a dead letter and a task."""
    listener(now)
    announce(now)
    far_side.script = [500, 302, outside.NoAnswer("No answer in time."), *[503] * 60]
    clock = [now]
    monkeypatch.setattr(timezone, "now", lambda: clock[0])
    for _ in range(80):
        row = WebhookDelivery.objects.get()
        if row.work_state != "pending":
            break
        receiver = row.subscription
        clock[0] = max(row.due_at, receiver.rests_until or row.due_at) + timedelta(milliseconds=1)
        work.drain("webhook", at=clock[0])
    waited = clock[0] - now
    assert row.work_state == "dead" and timedelta(hours=66) < waited < timedelta(hours=72, minutes=5), waited
    assert 20 < len(far_side.calls) < 40 and len({(url, body) for url, body, _ in far_side.calls}) == 1
    assert [one.title for one in StaffTask.objects.filter(title__contains="72 hours")] != []


@pytest.mark.django_db
def test_a_receiver_that_is_gone_is_switched_off_with_a_note(far_side, now):
    row, _ = listener(now)
    for n in range(3):
        announce(now, key=f"k{n}")
    far_side.script = [410]
    work.drain("webhook")
    row.refresh_from_db()
    assert row.state == "off" and "410 Gone" in row.note and len(far_side.calls) == 1
    assert set(WebhookDelivery.objects.values_list("work_state", flat=True)) == {"dead"}
    assert StaffTask.objects.count() == 1 and announce(now, key="later") is None


@pytest.mark.django_db
def test_a_failing_receiver_is_left_in_peace_and_a_person_told(far_side, now):
    """One dead receiver must not keep the workers from other promises."""
    row, _ = listener(now)
    for n in range(40):
        announce(now, key=f"k{n}")
    far_side.script = [500] * 100
    work.drain("webhook")
    row.refresh_from_db()
    assert len(far_side.calls) == subscriptions.RESTS_AFTER and row.rests_until > now
    for _ in range(subscriptions.WORRY_AFTER):
        due_now()
        work.drain("webhook")
    assert StaffTask.objects.filter(title__contains="does not take").count() == 1
    far_side.script = []
    due_now()
    work.drain("webhook")
    row.refresh_from_db()
    assert (row.failed_in_a_row, row.failing_since, row.rests_until) == (0, None, None) and row.answered_at
    assert WebhookDelivery.objects.filter(work_state="done").count() == 40


@pytest.mark.django_db
def test_a_busy_receiver_is_given_the_time_it_asks_for(far_side, now):
    listener(now)
    announce(now)
    far_side.script = [(429, {"retry-after": "900"})]
    work.drain("webhook")
    assert timedelta(minutes=14) < WebhookDelivery.objects.get().due_at - timezone.now() < timedelta(minutes=16)


@pytest.mark.django_db
def test_paused_keeps_and_resumed_sends(far_side, now):
    row, _ = listener(now)
    subscriptions.pause(row, by=SYSTEM, at=now)
    announce(now)
    work.drain("webhook")
    assert far_side.calls == [] and WebhookDelivery.objects.get().work_state == "pending"
    with pytest.raises(Conflict):
        subscriptions.pause(row, by=SYSTEM, at=now)
    subscriptions.resume(row, by=SYSTEM, at=timezone.now())
    work.drain("webhook")
    assert len(far_side.calls) == 1 and WebhookDelivery.objects.get().work_state == "done"


@pytest.mark.django_db
def test_paused_while_a_delivery_is_under_way(far_side, now):
    """What is on its way arrives and is written down; the next waits."""
    row, _ = listener(now)
    announce(now)
    far_side.script = [lambda: subscriptions.pause(row, by=SYSTEM, at=now)]
    work.drain("webhook")
    announce(now, key="k2")
    work.drain("webhook")
    assert len(far_side.calls) == 1
    assert list(WebhookDelivery.objects.order_by("id").values_list("work_state", flat=True)) == ["done", "pending"]
    row.refresh_from_db()
    assert row.state == "paused"


@pytest.mark.django_db
def test_sent_again_by_a_person_once_per_click(far_side, now):
    """A second click while it is under way is refused; the id stays, so the receiver knows it."""
    listener(now)
    announce(now)
    work.drain("webhook")
    row = WebhookDelivery.objects.get()
    deliveries.replay(row, by=SYSTEM, at=timezone.now())
    with pytest.raises(Conflict, match="under way"):
        deliveries.replay(row, by=SYSTEM, at=timezone.now())
    row.refresh_from_db()
    assert row.replays == 1
    work.drain("webhook")
    ids = {headers["Webhook-Id"] for _, _, headers in far_side.calls}
    assert len(far_side.calls) == 2 and len(ids) == 1
    subscriptions.switch_off(row.subscription, note="", by=SYSTEM, at=now)
    with pytest.raises(Conflict, match="off"):
        deliveries.replay(row, by=SYSTEM, at=timezone.now())
    assert WebhookDelivery.objects.get().work_state == "done"


@pytest.mark.django_db
def test_a_test_goes_at_once_and_is_no_promise(far_side, now):
    row, _ = listener(now)
    subscriptions.pause(row, by=SYSTEM, at=now)
    far_side.script = [500]
    sent = deliveries.ping(row, by=SYSTEM, at=timezone.now())
    assert not sent.taken and sent.status == 500 and deliveries.ping(row, by=SYSTEM, at=timezone.now()).taken
    told = json.loads(far_side.calls[0][1])
    assert told["type"] == "ping" and set(told["data"]) == set(DATA_KEYS) and told["data"]["user"] is None
    row.refresh_from_db()
    assert row.state == "paused" and row.failed_in_a_row == 0


@pytest.mark.django_db
def test_old_news_is_forgotten_unless_somebody_waits_for_it(far_side, now):
    listener(now)
    announce(now, key="old")
    work.drain("webhook")
    announce(now, key="waiting")
    WebhookEvent.objects.update(created_at=now - timedelta(days=91))
    announce(now, key="young", subject="booking:PW-2")
    retention.apply(at=now)
    assert set(WebhookEvent.objects.values_list("key", flat=True)) == {"waiting", "young"}
    assert not WebhookAttempt.objects.exists()


@pytest.mark.django_db
def test_an_erased_guest_is_not_in_the_log(far_side, now):
    """L6: name, contacts and the answers go; that it was told stays."""
    listener(now)
    announce(now)
    announce(now, key="other", subject="booking:PW-2")
    work.drain("webhook")
    assert events.make_nameless({"booking:PW-1"}) == 1
    first, other = WebhookEvent.objects.order_by("id")
    assert first.data["user"] is None and other.data["user"]["name"] == "Asha Rao"
    assert "Asha" not in events.body(first, personal=True).decode()
    assert [one.answer for one in WebhookAttempt.objects.order_by("id")] == ["", "<b>200</b>"]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False])
def test_two_workers_send_once(far_side, now, monkeypatch, guarded):
    """Two workers, one row: one call. Negative control: without SKIP LOCKED's lease both would call."""
    listener(now)
    announce(now)
    if not guarded:
        row = WebhookDelivery.objects.get()
        monkeypatch.setattr(work, "_claim", lambda *a: [WebhookDelivery.objects.get(pk=row.pk)])
    ready = threading.Barrier(2)

    def worker():
        try:
            ready.wait()
            work.work_one("webhook", WebhookDelivery.objects.values_list("pk", flat=True).get())
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=worker) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(far_side.calls) == (1 if guarded else 2)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False])
def test_numbers_are_given_one_after_the_other(now, monkeypatch, guarded):
    """Eight at once about one stay: 1 to 8. Negative control: without the lock two take the same number."""
    listener(now)
    if not guarded:
        monkeypatch.setattr(events, "_one_at_a_time", lambda subject: time.sleep(0.05))
    ready, refused = threading.Barrier(8), []

    def teller(n):
        try:
            ready.wait()
            announce(now, key=f"k{n}")
        except IntegrityError:
            refused.append(n)
        finally:
            connection.close()

    threads = [threading.Thread(target=teller, args=(n,)) for n in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    numbers = sorted(WebhookEvent.objects.values_list("sequence", flat=True))
    if guarded:
        assert refused == [] and numbers == list(range(1, 9))
    else:
        assert refused != []
