"""What other systems are told: one event for every move, the same keys in all, frozen, and never a medical word."""

from __future__ import annotations

import json
import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from jsonschema import Draft202012Validator

from audit.models import History
from bookings import states
from bookings.domain import arrival, front_desk, lifecycle, news, outward, placing
from bookings.models import StayBooking
from bookings.states import State
from core.actors import GUEST_LINK, SYSTEM
from medical.domain import review
from notifications.tests.receivers import listener
from notifications.webhooks import events
from notifications.webhooks.catalogue import Catalogue
from notifications.webhooks.models import WebhookEvent
from payments.domain import capture, refunds
from payments.models import Payment, Refund
from payments.signals import payment_failed, refund_settled

SNAPSHOTS = Path(__file__).parent / "snapshots" / "webhooks.json"
SCHEMA = Path(__file__).parents[2] / "docs" / "webhook-event.schema.json"
pytestmark = pytest.mark.django_db(transaction=True)
CANARY = "HEART-CANARY-7731"


def told(stay: StayBooking) -> list[WebhookEvent]:
    return list(WebhookEvent.objects.filter(subject=stay.subject).order_by("sequence"))


def types(stay: StayBooking) -> list[str]:
    return [event.type for event in told(stay)]


def sent(event: WebhookEvent) -> dict:
    return json.loads(events.body(event, personal=True))


def plain(event: WebhookEvent, at) -> dict:
    """The event with what is new at each run put into words."""
    text = json.dumps(sent(event))
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<uuid>", text)
    text = re.sub(r"evt_[0-9A-Z]{26}", "<event>", text)
    text = re.sub(r"PW-[0-9A-Z]{10}", "<reference>", text)
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "<moment>", text)
    return json.loads(re.sub(r"\d{4}-\d\d-\d\d", "<date>", text))


def no_show(stays):
    stay = stays.confirmed(start=1, nights=5)
    front_desk.no_show(stay, by=SYSTEM, at=stays.at + timedelta(days=2))
    return stay


def expired(stays):
    stay = stays.held()
    lifecycle.expire(stay, by=SYSTEM, at=stays.at + timedelta(hours=1))
    return stay


def cancelled(stays):
    stay = stays.confirmed()
    lifecycle.cancel(stay, by=GUEST_LINK, at=stays.at)
    return stay


def not_suitable(stays):
    stay = stays.in_review(answers={"birth-date": "1984-05-21", "heart": True, "heart-detail": CANARY})
    form = stays.form(stay)
    review.decide(form, "not_suitable", doctor=form.doctor, at=stays.at, note=CANARY)
    return stay


def refund_back(stays, drain):
    stay = cancelled(stays)
    drain("refund")
    return stay


def test_a_stay_tells_its_whole_life(stays, now, guest):
    """Held, paid, reviewed, approved, paid, confirmed: in this order, each with the figures of its moment."""
    listener(now)
    stay = stays.confirmed(user=guest)
    assert types(stay) == [
        "booking.held",
        "payment.captured",
        "booking.pending_medical",
        "booking.in_review",
        "booking.approved",
        "payment.captured",
        "booking.confirmed",
    ]
    last = sent(told(stay)[-1])["data"]
    assert last["booking"]["clearance"] == "cleared" and last["booking"]["status"] == "confirmed"
    assert last["payment"]["id"] == str(Payment.objects.order_by("-id").first().public_id)
    assert last["user"]["id"] == str(guest.public_id) and last["program"] == {"slug": "detox", "name": "Detox"}
    assert [one.sequence for one in told(stay)] == list(range(1, 8))


def test_the_words_are_frozen(stays, now):
    listener(now)
    stay = stays.held()
    before = events.body(told(stay)[0], personal=True)
    StayBooking.objects.update(contact_name="Somebody Else", total=1)
    assert events.body(told(stay)[0], personal=True) == before


@pytest.mark.parametrize("make", [cancelled, expired, no_show, not_suitable])
def test_an_end_is_told_with_the_closed_bill(stays, now, make):
    listener(now)
    stay = make(stays)
    stay.refresh_from_db()
    end = next(one for one in told(stay) if one.type == f"booking.{stay.state}")
    booking = sent(end)["data"]["booking"]
    refund = Refund.objects.filter(folio=stay.folio).first()
    assert booking["status"] == stay.state and booking["clearance"] == stay.clearance
    from payments.domain.folio import standing

    assert booking["balance"] == f"{standing(stay.folio).balance:.2f}"
    assert (sent(end)["data"]["refund"] is None) == (refund is None)
    if refund:
        assert types(stay)[-1] == "refund.promised"


def test_a_refund_tells_each_step(stays, now, drain):
    listener(now)
    stay = refund_back(stays, drain)
    assert [one for one in types(stay) if one.startswith("refund.")].count("refund.settled") == len(
        Refund.objects.filter(folio=stay.folio)
    )
    settled = sent(told(stay)[-1])["data"]
    assert settled["refund"]["status"] == "done" and settled["refund"]["payment_id"]
    assert settled["booking"]["paid"] == "0.00"


def test_every_move_is_told_once(stays, now, monkeypatch):
    """Wherever a booking moves, exactly one event says so: as many as the history has moves."""
    listener(now)
    for make in (cancelled, expired, no_show, not_suitable):
        stay = make(stays)
        moves = History.objects.filter(subject=stay.subject).exclude(to_state="").count()
        assert sum(one.startswith("booking.") for one in types(stay)) == moves
    assert {f"booking.{state}" for state in State.values} <= set(Catalogue.types)
    assert set(outward.BOOKING) == set(State) and states.MOVES


def test_a_failed_try_is_told(stays, now):
    listener(now)
    stay = stays.held()
    payment = stays.started(stay, "deposit")
    stays.gateway.pays(payment, "failed")
    capture.confirm(payment, at=now)
    news.payment_failed(payment.pk, at=now)
    assert types(stay) == ["booking.held", "payment.failed"], "the news came twice, the event once"
    assert sent(told(stay)[-1])["data"]["payment"]["status"] == "failed"


def test_lost_news_is_found(stays, now, drain, monkeypatch):
    """The process died between the money fact and its news: the sweep tells it, once."""
    listener(now)
    stay = stays.held()
    payment = stays.started(stay, "deposit")
    stays.gateway.pays(payment, "failed")
    monkeypatch.setattr(payment_failed, "send", lambda **kwargs: [])
    monkeypatch.setattr(refund_settled, "send", lambda **kwargs: [])
    capture.confirm(payment, at=now)
    other = refund_back(stays, drain)
    assert types(stay) == ["booking.held"] and "refund.settled" not in types(other)
    assert outward.sweep(at=timezone.now()) >= 2 and outward.sweep(at=timezone.now()) == 0
    assert types(stay)[-1] == "payment.failed" and types(other)[-1] == "refund.settled"


def test_a_refund_that_needs_a_person_is_told(stays, now):
    listener(now)
    stay = cancelled(stays)
    refund = Refund.objects.filter(folio=stay.folio).first()
    refunds.died(refund)
    Refund.objects.filter(pk=refund.pk).update(state="failed")
    outward.sweep(at=now)
    assert types(stay)[-1] == "refund.failed"


def test_a_change_in_house_is_an_update(stays, now, today):
    listener(now)
    stay = stays.confirmed(start=0, nights=7)
    stays.pay(stay, "balance")
    StayBooking.objects.filter(pk=stay.pk).update(state="checked_in")
    arrival.admit(stay, by=SYSTEM, at=now)
    assert types(stay)[-1] == "booking.updated"


def test_nothing_is_told_when_the_move_is_refused(stays, now):
    listener(now)
    stay = cancelled(stays)
    before = WebhookEvent.objects.count()
    with pytest.raises(Exception, match="cannot be cancelled"):
        lifecycle.cancel(stay, by=GUEST_LINK, at=now)
    assert WebhookEvent.objects.count() == before


def test_no_medical_word_leaves(stays, now):
    """L1: a canary in the answers and in the doctor's note is in no event."""
    listener(now)
    not_suitable(stays)
    everything = json.dumps([sent(event) for event in WebhookEvent.objects.all()])
    assert CANARY not in everything and "heart" not in everything.lower()


def test_the_payloads_as_they_are(stays, now, guest, drain):
    """A snapshot of each type. Changing one is a change of the contract: raise the version, tell the receivers."""
    listener(now)
    stays.confirmed(user=guest, start=20)
    refund_back(stays, drain)
    expired(stays)
    found: dict[str, dict] = {}
    for event in WebhookEvent.objects.order_by("id"):
        found.setdefault(event.type, plain(event, now))
    if os.environ.get("PEMA_WRITE_SNAPSHOTS"):
        SNAPSHOTS.write_text(json.dumps(found, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
    assert found == json.loads(SNAPSHOTS.read_text())
    keys = {(tuple(one), tuple(one["data"]), tuple(one["data"]["booking"])) for one in found.values()}
    assert len(keys) == 1, "the same fields in all events"


def test_the_published_schema_describes_every_event(stays, now, drain):
    check = Draft202012Validator(json.loads(SCHEMA.read_text()))
    listener(now)
    refund_back(stays, drain)
    expired(stays)
    no_show(stays)
    for event in WebhookEvent.objects.all():
        assert list(check.iter_errors(sent(event))) == []
    wrong = sent(WebhookEvent.objects.first())
    wrong["data"]["booking"]["diagnosis"] = "x"
    assert list(check.iter_errors(wrong)) != []


def test_a_double_click_is_told_once(stays, now):
    listener(now)
    stay = stays.held(key="one-click")
    assert placing.StayBooking.objects.count() == 1 and types(stay) == ["booking.held"]


def test_a_refund_that_settles_late_is_told_behind_newer_ones(stays, now, drain, monkeypatch):
    """The sweep looks for what is untold, not at the newest rows: newer refunds do not hide an older one."""
    listener(now)
    monkeypatch.setattr(refund_settled, "send", lambda **kwargs: [])
    monkeypatch.setattr(outward, "SWEPT", 1)
    late = refund_back(stays, drain)
    newer = refund_back(stays, drain)
    for _ in range(Refund.objects.filter(state="done").count()):
        assert outward.sweep(at=timezone.now()) == 1
    assert types(late)[-1] == types(newer)[-1] == "refund.settled"
    assert outward.sweep(at=timezone.now()) == 0


def test_the_sweep_finds_a_refund_promised_before_anybody_listened(stays, now, drain, monkeypatch):
    """It settles while somebody listens: that is news; what was settled before, or is forgotten again, is none."""
    monkeypatch.setattr(refund_settled, "send", lambda **kwargs: [])
    stay = refund_back(stays, drain)
    refunded = Refund.objects.filter(folio=stay.folio)
    settled = refunded.first().settled_at
    listener(settled - timedelta(hours=1))
    refunded.update(created_at=settled - timedelta(days=2))
    assert outward.sweep(at=settled + timedelta(days=31)) == 0
    assert outward.sweep(at=settled + timedelta(minutes=1)) == refunded.count()
    assert set(types(stay)) == {"refund.settled"}
