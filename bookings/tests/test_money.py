"""How a booking reacts to money: once, late, twice, on the dead, and against what the gateway says."""

from datetime import timedelta
from decimal import Decimal

import pytest

from bookings.domain import lifecycle, money
from bookings.states import State
from core.actors import GUEST_LINK, SYSTEM
from core.errors import Conflict
from notifications.models import Message
from payments.domain import attempts, capture, folio, inbox, refunds
from payments.domain.attempts import start
from payments.gateways.base import ForgedCallback
from payments.models import FolioLine, GatewayEvent, MoneyException, Payment, Refund

pytestmark = pytest.mark.django_db(transaction=True)


def settle(stays, payment, **money_):
    stays.gateway.pays(payment, **money_)
    return capture.confirm(payment, at=stays.at)


def test_late_money_takes_the_room_again(stays):
    """P11."""
    stay = stays.held(room="pema-suite")
    payment = stays.started(stay, "full")
    lifecycle.expire(stay, by=SYSTEM, at=stay.hold_expires_at)
    settle(stays, payment)
    stay.refresh_from_db()
    assert stay.state == State.PENDING_MEDICAL and folio.standing(stay.folio).balance == 0
    assert stay.medical_forms.count() == 1


def test_late_money_without_a_room_goes_back_whole(stays, drain):
    """P12."""
    stay = stays.held(room="pema-suite")
    payment = stays.started(stay, "full")
    lifecycle.expire(stay, by=SYSTEM, at=stay.hold_expires_at)
    other = stays.held(room="pema-suite")
    settle(stays, payment)
    drain("refund")
    stay.refresh_from_db(), other.refresh_from_db()
    assert (stay.state, other.state) == (State.EXPIRED, State.HELD)
    assert Refund.objects.get().state == "done" and sum(stays.gateway.paid_back.values()) == payment.amount
    assert Message.objects.filter(template="late_payment_returned").count() == 1


def test_paid_twice_gives_the_second_back(stays, drain):
    """P13: two tabs, two txnids."""
    stay = stays.held()
    first, second = stays.started(stay, "deposit"), stays.started(stay, "deposit")
    settle(stays, first), settle(stays, second)
    drain("refund")
    refund = Refund.objects.get()
    assert (refund.payment, refund.amount, refund.state) == (second, Decimal(50000), "done")
    assert folio.standing(stay.folio).paid == 50000
    assert Message.objects.filter(template="surplus_returned").count() == 1


@pytest.mark.parametrize("end", ["cancel", "not_suitable"])
def test_money_on_a_stay_that_is_over_goes_back_and_never_revives(stays, end):
    """P14."""
    stay = stays.in_review()
    from medical.domain import review

    form = stays.form(stay)
    payment = Payment.objects.create(
        folio=stay.folio, gateway="payu", txnid="late1", milestone="deposit", amount=50000, next_poll_at=stays.at
    )
    if end == "cancel":
        lifecycle.cancel(stay, by=GUEST_LINK, at=stays.at)
    else:
        review.decide(form, "not_suitable", doctor=form.doctor, at=stays.at)
    settle(stays, payment)
    stay.refresh_from_db()
    assert stay.state in (State.CANCELLED, State.NOT_SUITABLE)
    assert refunds.reserved(stay.folio) == 100000


@pytest.mark.parametrize("outcome", ["pending", "authorised", "not_found", "failed"])
def test_a_claim_the_gateway_does_not_confirm_is_no_money(stays, outcome):
    """P8."""
    stay = stays.held()
    payment = stays.started(stay, "deposit")
    settle(stays, payment, outcome=outcome)
    stay.refresh_from_db()
    assert stay.state == State.HELD and folio.standing(stay.folio).paid == 0


def test_another_amount_is_an_exception_not_money(stays):
    """P7, P8: a genuine ₹1 on a ₹50,000 attempt."""
    stay = stays.held()
    payment = settle(stays, stays.started(stay, "deposit"), amount=Decimal(1))
    stay.refresh_from_db()
    assert (payment.state, stay.state) == ("initiated", State.HELD)
    assert MoneyException.objects.get().kind == "mismatch"


def test_failure_then_success_counts_and_success_never_moves_back(stays):
    """P10: verify_payment decides; terminal states never move back."""
    stay = stays.held()
    payment = settle(stays, stays.started(stay, "deposit"), outcome="failed")
    assert payment.state == "failed"
    payment = settle(stays, payment)
    assert payment.state == "captured"
    stays.gateway.pays(payment, outcome="failed")
    stay.refresh_from_db()
    assert capture.confirm(payment).state == "captured" and stay.state == State.PENDING_MEDICAL


def test_one_gateway_id_is_one_payment(stays, monkeypatch):
    """V6: a second attempt with the same mihpayid is an exception."""
    first, second = stays.held(), stays.held()
    paid = stays.pay(first)
    payment = stays.started(second, "deposit")
    real = stays.gateway.verify

    def confused(txnid):
        from dataclasses import replace

        return replace(real(txnid), gateway_id=paid.gateway_id or f"mih-{paid.txnid}")

    paid.refresh_from_db()
    monkeypatch.setattr(stays.gateway, "verify", confused)
    settle(stays, payment)
    second.refresh_from_db()
    assert second.state == State.HELD and MoneyException.objects.count() == 1


def test_a_callback_is_stored_once_and_works_once(stays, drain):
    """P1, P6: the same notice a hundred times."""
    stay = stays.held()
    payment = stays.started(stay, "deposit")
    stays.gateway.pays(payment)
    notice = {"txnid": payment.txnid, "amount": "50000.00", "hash": "good"}
    for number in range(100):
        inbox.receive("payu", notice, source="webhook" if number % 2 else "return", at=stays.at)
    drain("gateway_event")
    lifecycle.cancel(stay, by=GUEST_LINK, at=stays.at)
    inbox.receive("payu", notice, source="webhook", at=stays.at)
    drain("gateway_event")
    assert GatewayEvent.objects.count() == 1
    assert FolioLine.objects.filter(kind="payment").count() == 1
    assert Message.objects.filter(template="payment_received").count() == 1


def test_a_forged_callback_leaves_no_trace(stays):
    """P2."""
    payment = stays.started(stays.held(), "deposit")
    stays.gateway.pays(payment)
    with pytest.raises(ForgedCallback):
        inbox.receive("payu", {"txnid": payment.txnid, "hash": "bad"}, source="webhook", at=stays.at)
    payment.refresh_from_db()
    assert payment.state == "initiated" and not GatewayEvent.objects.exists()


def test_a_genuine_notice_of_a_strange_txnid_is_put_aside(stays, drain):
    inbox.receive("payu", {"txnid": "unknown", "hash": "good"}, source="webhook", at=stays.at)
    drain("gateway_event")
    assert GatewayEvent.objects.get().work_state == "dead"


def test_what_cannot_be_paid(stays):
    stay = stays.held()
    for milestone, code in (("half", "not_open_yet"), ("full", "unknown_milestone"), ("x", "unknown_milestone")):
        with pytest.raises(Conflict) as refusal:
            stays.started(stay, milestone)
        assert refusal.value.code == code
    stays.pay(stay)
    with pytest.raises(Conflict) as refusal:
        stays.started(stay, "deposit")
    assert refusal.value.code == "already_paid"
    assert Payment.objects.count() == 1


def test_a_pending_bank_is_not_asked_twice(stays):
    stay = stays.held()
    settle(stays, stays.started(stay, "deposit"), outcome="pending")
    with pytest.raises(Conflict) as refusal:
        start(stay.folio, milestone="deposit", gateway_code="payu", product="x", by=GUEST_LINK, at=stays.at)
    assert refusal.value.code == "payment_pending"


def test_the_poller_finds_what_no_callback_told(stays):
    """P9, P15: asked after 2, 5, 15, 30, 60 minutes; money is found; silence never confirms."""
    stay = stays.held()
    payment = stays.started(stay, "deposit")
    assert payment.next_poll_at == stays.at + timedelta(minutes=2)
    capture.poll(payment, at=stays.at + timedelta(minutes=2))
    payment.refresh_from_db()
    assert payment.state == "initiated" and payment.next_poll_at == stays.at + timedelta(minutes=7)
    stays.gateway.pays(payment)
    capture.poll(payment, at=stays.at + timedelta(minutes=7))
    stay.refresh_from_db()
    assert stay.state == State.PENDING_MEDICAL


def test_a_failed_try_is_asked_about_for_a_day_and_wrong_credentials_stop_no_sweep(stays, monkeypatch):
    """P10, P15."""
    from payments.gateways.base import GatewayRefused

    stay = stays.held()
    payment = settle(stays, stays.started(stay, "deposit"), outcome="failed")
    assert payment.next_poll_at == stays.at + timedelta(hours=6)
    later = stays.at + timedelta(hours=25)
    assert capture.poll(payment, at=later)
    payment.refresh_from_db()
    assert (payment.state, payment.next_poll_at) == ("failed", None)

    def refuse(txnid):
        raise GatewayRefused("wrong key", permanent=True)

    other = stays.started(stay, "deposit")
    monkeypatch.setattr(stays.gateway, "verify", refuse)
    assert capture.poll(other, at=later) is False
    other.refresh_from_db()
    assert other.state == "initiated" and other.next_poll_at > later


def test_a_sick_gateway_ends_the_round(stays, monkeypatch):
    """P15, Q9: three silences in a row, and other work goes on."""
    from payments.gateways.base import GatewayUnclear
    from payments.tasks import poll_payments

    for number in range(5):
        stays.started(stays.held(start=30 + 8 * number), "deposit")
    Payment.objects.update(next_poll_at=stays.at)
    asked = []

    def silence(txnid):
        asked.append(txnid)
        raise GatewayUnclear("no answer")

    monkeypatch.setattr(stays.gateway, "verify", silence)
    assert poll_payments() == 3 and len(set(asked)) == 3
    assert poll_payments() == 2, "the first three wait for their next time"
    assert set(Payment.objects.values_list("state", flat=True)) == {"initiated"}


def test_a_refund_the_bank_refused_is_tried_again_under_a_new_token(stays, drain, monkeypatch):
    """R7: failed is for a person, and her second try is not the old token."""
    from payments.gateways.base import RefundAnswer

    stay = stays.paid()
    lifecycle.cancel(stay, by=GUEST_LINK, at=stays.at)
    real = stays.gateway.refund_status
    monkeypatch.setattr(stays.gateway, "refund_status", lambda **asked: RefundAnswer("failed", "rq", detail="closed"))
    drain("refund")
    refund = Refund.objects.get()
    assert (refund.state, refund.work_state) == ("failed", "dead")
    assert MoneyException.objects.get().kind == "refund_failed"
    assert Message.objects.filter(template="refund_delayed").count() == 1
    old = refund.token
    monkeypatch.setattr(stays.gateway, "refund_status", real)
    refunds.retry(refund, by=SYSTEM, at=stays.at)
    drain("refund")
    refund.refresh_from_db()
    assert refund.state == "done" and refund.token != old
    with pytest.raises(Conflict):
        refunds.retry(refund, by=SYSTEM, at=stays.at)


def test_strange_hints_are_not_kept(stays, monkeypatch):
    """P17: an unsigned notice about nothing of ours fills no table."""
    from payments.gateways.base import Hint

    monkeypatch.setattr(stays.gateway, "read_hint", lambda fields: Hint("refund", token=fields["token"]))
    assert inbox.receive("payu", {"token": "strange"}, source="webhook", at=stays.at) is None
    assert not GatewayEvent.objects.exists()


def test_lost_news_is_found_by_the_sweep(stays, monkeypatch):
    """V5, Q12: the money fact is committed, the process dies before the booking reacts."""
    stay = stays.held()
    payment = stays.started(stay, "deposit")
    monkeypatch.setattr(capture.payment_captured, "send", lambda **news: None)
    settle(stays, payment)
    stay.refresh_from_db()
    assert stay.state == State.HELD
    assert money.sweep(at=stays.at) == 1 and money.sweep(at=stays.at) == 0
    stay.refresh_from_db()
    assert stay.state == State.PENDING_MEDICAL


def test_refunds_come_out_of_the_newest_payment_first(stays):
    """domain.md §3: refund order; V4: never above what a payment holds."""
    stay = stays.confirmed()
    lifecycle.cancel(stay, by=SYSTEM, at=stays.at, by_house=True)
    half, deposit = Refund.objects.order_by("id")
    assert (half.payment.milestone, half.amount) == ("half", Decimal(114500))
    assert (deposit.payment.milestone, deposit.amount) == ("deposit", Decimal(50000))
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.update(refund_reserved=Decimal("999999.00"))


def test_more_than_was_paid_cannot_be_promised(stays):
    """R5."""
    stay = stays.paid()
    from django.db import transaction

    with pytest.raises(Conflict), transaction.atomic():
        refunds.promise(stay.folio, Decimal("50000.01"), reason="x", cause="x", by=SYSTEM, at=stays.at)
    assert not Refund.objects.exists() and Payment.objects.get().refund_reserved == 0


def test_folio_lines_cannot_be_changed_by_anyone(stays):
    """L10: the database refuses."""
    from django.db import ProgrammingError, transaction

    stays.paid()
    for deed in (lambda: FolioLine.objects.update(amount=1), lambda: FolioLine.objects.all().delete()):
        with pytest.raises(ProgrammingError), transaction.atomic():
            deed()
    assert attempts.held_back(Payment.objects.get()) == 50000
