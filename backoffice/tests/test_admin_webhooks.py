"""Webhooks in the back office: for those in charge; a secret is shown once; sent again by one click."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.urls import reverse

from core import outside, work
from notifications.tests.receivers import ADDRESS, FarSide, listener
from notifications.webhooks import events, subscriptions
from notifications.webhooks.catalogue import DATA_KEYS
from notifications.webhooks.models import WebhookDelivery, WebhookSubscription

LIST = "admin:notifications_webhooksubscription_changelist"
ADD = "admin:notifications_webhooksubscription_add"
PAGE = "admin:notifications_webhooksubscription_change"
LOG = "admin:notifications_webhookdelivery_changelist"
FORM = {"name": "CRM", "url": ADDRESS, "events": ["booking.*", "refund.settled"], "personal": "on"}


@pytest.fixture
def far_side(monkeypatch):
    side = FarSide()
    monkeypatch.setattr(outside, "call", side.call)
    return side


@pytest.fixture
def sent(far_side, now):
    """One event about a stay, taken by its receiver, with a nasty answer."""
    row, _ = listener(now)
    data = {
        **dict.fromkeys(DATA_KEYS[1:]),
        "user": {"id": None, "name": "Asha Rao", "email": "a@b.example", "phone": ""},
    }
    with transaction.atomic():
        events.announce("booking.held", key="k", subject="booking:PW-7K3M9QX2BD", data=data, at=now)
    work.drain("webhook")
    return WebhookDelivery.objects.get()


def deed(row, name):
    model = row._meta.model_name
    return reverse(f"admin:notifications_{model}_{name}", args=[row.pk])


def test_added_with_a_secret_that_is_shown_once(desk_of, house_admin, now):
    client = desk_of(house_admin)
    assert client.get(reverse(ADD)).status_code == 200
    answer = client.post(reverse(ADD), FORM)
    row = WebhookSubscription.objects.get()
    secret = subscriptions.secrets_of(row, at=now)[0]
    assert secret in answer.text and "no-store" in answer["Cache-Control"]
    assert row.events == ["booking.*", "refund.settled"] and row.created_by
    for where in (reverse(LIST), reverse(PAGE, args=[row.pk])):
        assert secret not in client.get(where).text
    assert client.post(reverse(ADD), FORM).status_code == 409 and WebhookSubscription.objects.count() == 1


@pytest.mark.parametrize("wrong", [{"url": "https://127.0.0.1/"}, {"url": "http://crm.example.com/"}, {"events": []}])
def test_what_is_refused_changes_nothing(desk_of, house_admin, wrong):
    assert desk_of(house_admin).post(reverse(ADD), {**FORM, **wrong}).status_code == 400
    assert not WebhookSubscription.objects.exists()


def test_only_those_in_charge(desk_of, front_desk, finance, doctor, manager, sent):
    """A receiver hears of every property: a manager who does not work for all of them is not let in either."""
    for person in (front_desk, finance, doctor, manager):
        client = desk_of(person)
        for where in (reverse(LIST), reverse(ADD), reverse(PAGE, args=[sent.subscription_id])):
            assert client.get(where).status_code in (403, 404), (person, where)
        assert "booking.held<" not in client.get(reverse(LOG)).text
        for where in (reverse(ADD), *(deed(sent.subscription, one) for one in ("pause", "replace_secret", "test"))):
            assert client.post(where, FORM).status_code in (403, 404)
    sent.subscription.refresh_from_db()
    assert sent.subscription.state == "active" and WebhookSubscription.objects.count() == 1


def test_paused_tested_changed_and_given_a_new_secret(desk_of, house_admin, sent, far_side, now):
    client, row = desk_of(house_admin), sent.subscription
    before = subscriptions.secrets_of(row, at=now)
    client.post(deed(row, "pause"))
    assert "answered 200" in client.post(deed(row, "test"), follow=True).text
    far_side.script = [500]
    assert client.post(deed(row, "test")).status_code >= 400
    client.post(deed(row, "edit"), {**FORM, "name": "New name", "personal": ""})
    answer = client.post(deed(row, "replace_secret"))
    row.refresh_from_db()
    assert (row.state, row.name, row.personal) == ("paused", "New name", False)
    after = subscriptions.secrets_of(row, at=now)
    assert after[0] in answer.text and after[1] == before[0] and after[0] != before[0]
    client.post(deed(row, "resume"))
    row.refresh_from_db()
    assert row.state == "active"


def test_what_it_carried_is_for_those_who_may_read_it(desk_of, house_admin, sent):
    """L1: the answer of a stranger is shown as text, never as a page."""
    where = reverse("admin:notifications_webhookdelivery_change", args=[sent.pk])
    full = desk_of(house_admin).get(where).text
    house_admin.groups.set([Group.objects.get(name="manager")])
    house_admin.user_permissions.add(Permission.objects.get(codename="see_every_property"))
    seen = desk_of(house_admin).get(where).text
    assert "booking.held" in seen and "Asha Rao" not in seen and "Asha Rao" in full
    assert "&lt;b&gt;200&lt;/b&gt;" in seen and "<b>200</b>" not in seen


def test_found_by_stay_and_sent_again(desk_of, house_admin, sent, far_side):
    client = desk_of(house_admin)
    assert "booking.held" in client.get(reverse(LOG), {"q": "PW-7K3M9QX2BD"}).text
    assert "PW-7K3M9QX2BD" not in client.get(reverse(LOG), {"q": "PW-0000000000"}).text
    client.post(deed(sent, "replay"))
    client.post(deed(sent, "replay"))
    sent.refresh_from_db()
    assert (sent.work_state, sent.replays) == ("pending", 1)
    work.drain("webhook")
    chosen = {"action": "replay_selected", "_selected_action": [sent.pk]}
    assert "sent again" in client.post(reverse(LOG), chosen, follow=True).text
    work.drain("webhook")
    assert len(far_side.calls) == 3 and len({headers["Webhook-Id"] for _, _, headers in far_side.calls}) == 1


def test_a_dead_letter_is_tried_again_from_operations(desk_of, house_admin, sent, far_side):
    WebhookDelivery.objects.update(work_state="dead")
    client = desk_of(house_admin)
    assert "webhook" in client.get(reverse("admin:operations")).text
    client.post(reverse("admin:operations_retry", args=["webhook", sent.pk]))
    sent.refresh_from_db()
    assert sent.work_state == "pending" and sent.give_up_at > sent.due_at


def test_the_list_costs_the_same_with_one_and_three(desk_of, house_admin, sent, now, django_assert_max_num_queries):
    client = desk_of(house_admin)
    client.get(reverse(LOG))
    with django_assert_max_num_queries(30) as one:
        client.get(reverse(LOG))
    for n in range(2):
        with transaction.atomic():
            data = dict.fromkeys(DATA_KEYS[1:])
            events.announce("booking.held", key=f"k{n}", subject="booking:PW-7K3M9QX2BD", data=data, at=now)
    with django_assert_max_num_queries(len(one)):
        client.get(reverse(LOG))
