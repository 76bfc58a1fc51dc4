"""Races on PostgreSQL with real threads; each has a twin whose guard is off and which must go wrong."""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import close_old_connections, connection, transaction
from django.db.models import F
from django.utils import timezone

from audit.models import History
from bookings.domain import lifecycle, money, placing
from bookings.models import StayBooking
from core.actors import GUEST_LINK, SYSTEM
from core.errors import DomainError
from core.nights import Nights
from medical.domain import review
from medical.models import Decision
from notifications.models import Message
from payments.domain import capture, folio, inbox, refunds
from payments.models import Folio, FolioLine, Payment, Refund
from rooms.domain import inventory
from rooms.domain.inventory import Wanted
from rooms.models import InventoryNight

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def at_once(deeds: list[Callable[[], object]]) -> Counter[str]:
    """Run all deeds in threads of their own, started together; counts "done" and error codes."""
    outcomes: list[str] = []
    gate = threading.Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> None:
        close_old_connections()
        gate.wait(60)
        try:
            deed()
            outcomes.append("done")
        except DomainError as error:
            outcomes.append(error.code)
        except Exception as error:
            outcomes.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(outcomes)


def test_two_hundred_guests_and_one_room(stays, retreat):
    """B1: one hold, 199 kind answers, nothing half done."""
    token = stays.quote(room="pema-suite", adults=2)

    def guest(number: int) -> Callable[[], object]:
        return lambda: placing.place(
            retreat,
            token,
            contact=placing.Contact("Guest", f"g{number}@example.com"),
            user_id=None,
            by=GUEST_LINK,
            at=stays.at,
        )

    outcomes = at_once([guest(number) for number in range(200)])
    assert outcomes == {"done": 1, "sold_out": 199}
    assert StayBooking.objects.count() == Folio.objects.count() == 1
    assert set(
        InventoryNight.objects.filter(room_type__slug="pema-suite", sold__gt=0).values_list("sold", flat=True)
    ) == {1}


def sold_suites() -> set[int]:
    """The figures that stand in the sold nights of the suite."""
    rows = InventoryNight.objects.filter(room_type__slug="pema-suite", sold__gt=0)
    return set(rows.values_list("sold", flat=True))


def careless_take(room_type, nights: Nights, two: threading.Barrier) -> None:
    """What many systems do: look, then write, without a lock. `two` of them look before one of them writes."""
    with transaction.atomic():
        rows = list(
            InventoryNight.objects.filter(room_type=room_type, night__gte=nights.check_in, night__lt=nights.check_out)
        )
        if any(row.capacity - row.sold < 1 for row in rows):
            raise inventory.SoldOut([])
        with contextlib.suppress(threading.BrokenBarrierError):
            two.wait(5)
        InventoryNight.objects.filter(pk__in=[row.pk for row in rows]).update(sold=F("sold") + 1)


def test_the_twin_without_lock_and_constraint_oversells(stays, suite):
    """B1, negative control: the same crowd, guards off."""
    nights = stays.wish(room="pema-suite").nights
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE rooms_inventorynight DROP CONSTRAINT inventory_never_oversold")
    try:
        two = threading.Barrier(2)
        outcomes = at_once([lambda: careless_take(suite, nights, two)] * 40)
        assert outcomes["done"] > 1, "the test would be blind: without guards the room must be oversold"
    finally:
        InventoryNight.objects.update(sold=0)
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE rooms_inventorynight ADD CONSTRAINT inventory_never_oversold "
                "CHECK (sold <= capacity - blocked)"
            )


def test_the_constraint_alone_still_refuses(stays, suite):
    """The second wall: without the lock the database says no."""
    nights = stays.wish(room="pema-suite").nights
    two = threading.Barrier(2)
    outcomes = at_once([lambda: careless_take(suite, nights, two)] * 20)
    assert outcomes["done"] == 1
    assert sold_suites() == {1}


def test_crossing_types_never_deadlock(stays, standard, suite):
    """B3: half of the crowd names the types in the other order."""
    InventoryNight.objects.update(capacity=200)
    nights = stays.wish().nights
    there, back = [Wanted(standard.pk), Wanted(suite.pk)], [Wanted(suite.pk), Wanted(standard.pk)]

    def take(wanted: list[Wanted]) -> Callable[[], object]:
        def deed() -> None:
            with transaction.atomic():
                inventory.take(wanted, nights)

        return deed

    assert at_once([take(there if n % 2 else back) for n in range(60)]) == {"done": 60}


def test_four_cancellations_are_one(stays):
    """R4: one cancellation, three polite refusals, one refund row."""
    stay = stays.paid()
    outcomes = at_once([lambda: lifecycle.cancel(stay, by=GUEST_LINK, at=stays.at)] * 4)
    assert outcomes == {"done": 1, "wrong_state": 3}
    assert Refund.objects.count() == 1 and Refund.objects.get().amount == 50000
    assert History.objects.filter(subject=stay.subject, to_state="cancelled").count() == 1
    assert not InventoryNight.objects.exclude(sold=0).exists()


def test_the_twin_that_cancels_without_a_lock_promises_twice(stays):
    """R4, negative control: checking outside the lock lets several through."""
    stay = stays.paid()
    gate = threading.Barrier(4)

    def careless() -> None:
        fresh = StayBooking.objects.get(pk=stay.pk)
        gate.wait(20)
        if fresh.state == "pending_medical":
            StayBooking.objects.filter(pk=stay.pk).update(state="cancelled")
            History.objects.create(subject=stay.subject, event="cancelled", actor_kind="guest", to_state="cancelled")

    at_once([careless] * 4)
    assert History.objects.filter(subject=stay.subject, to_state="cancelled").count() > 1


def test_return_webhook_and_poller_at_once_are_one_capture(stays):
    """P1: one payment line, one message, one set of forms."""
    stay = stays.held()
    payment = stays.started(stay, "deposit")
    stays.gateway.pays(payment)
    notice = {"txnid": payment.txnid, "amount": "50000.00", "hash": "good"}

    def callback(source: str) -> Callable[[], object]:
        def deed() -> None:
            event = inbox.receive("payu", notice, source=source, at=stays.at)
            inbox.keep(event)

        return deed

    deeds = [callback("return"), callback("webhook"), lambda: capture.poll(payment, at=stays.at)] * 4
    outcomes = at_once(deeds)
    stay.refresh_from_db()
    assert outcomes == {"done": 12} and stay.state == "pending_medical"
    assert FolioLine.objects.filter(kind="payment").count() == 1
    assert Message.objects.filter(template="payment_received").count() == 1
    assert stay.medical_forms.count() == 1 and Payment.objects.get().applied_at is not None


def test_paying_while_the_hold_lapses_has_one_winner(stays):
    """B6: either a stay with its room or a full refund; never both, never neither."""
    for _ in range(6):
        stay = stays.held(room="pema-suite")
        payment = stays.started(stay, "full")
        stays.gateway.pays(payment)
        at = stay.hold_expires_at
        at_once([lambda s=stay, t=at: lifecycle.expire(s, by=SYSTEM, at=t), lambda p=payment: capture.confirm(p)])
        money.sweep(at=timezone.now())
        stay.refresh_from_db()
        taken = InventoryNight.objects.filter(room_type__slug="pema-suite", sold=1).count()
        billed = folio.standing(stay.folio).charges
        assert billed == (stay.total if stay.state == "pending_medical" else 0)
        back = refunds.reserved(stay.folio)
        assert (stay.state, taken, back) in (
            ("pending_medical", 7, 0),
            ("expired", 0, payment.amount),
        )
        if stay.state == "pending_medical":
            lifecycle.cancel(stay, by=SYSTEM, at=stays.at)


def test_two_doctors_decide_at_once(stays, medical_lead):
    """B7: one wins, the other is told; one refund."""
    stay = stays.in_review()
    form = stays.form(stay)
    outcomes = at_once(
        [
            lambda: review.decide(form, "approve", doctor=form.doctor, at=stays.at),
            lambda: review.decide(form, "not_suitable", doctor=medical_lead, at=stays.at),
        ]
    )
    stay.refresh_from_db()
    assert outcomes == {"done": 1, "decided": 1} and Decision.objects.count() == 1
    assert (stay.state == "not_suitable") == Refund.objects.exists()


def test_doctor_refuses_guest_cancels_and_the_stay_ends_once(stays):
    """R8: one final state, one refund."""
    stay = stays.in_review(start=5)
    form = stays.form(stay)
    at_once(
        [
            lambda: review.decide(form, "not_suitable", doctor=form.doctor, at=stays.at),
            lambda: lifecycle.cancel(stay, by=GUEST_LINK, at=stays.at),
            lambda: lifecycle.expire(stay, by=SYSTEM, at=stays.at + timedelta(hours=1)),
        ]
    )
    stay.refresh_from_db()
    expected = {"not_suitable": Decimal(50000), "cancelled": Decimal(25000)}[stay.state]
    assert refunds.reserved(stay.folio) == expected and Refund.objects.count() == 1
    assert not InventoryNight.objects.exclude(sold=0).exists()


def test_one_guests_parallel_holds_stop_at_three(stays, retreat):
    """B19: counting under the guest's own lock."""
    InventoryNight.objects.update(capacity=50)
    token = stays.quote()
    contact = placing.Contact("Hoarder", "hoarder@example.com")
    deed = lambda: placing.place(retreat, token, contact=contact, user_id=None, by=GUEST_LINK, at=stays.at)  # noqa: E731
    assert at_once([deed] * 12) == {"done": 3, "hold_limit": 9}


def hoarding(stays, retreat, *, phones: Callable[[int], str]) -> Counter[str]:
    """Twelve e-mail addresses at one address on the network, all at once."""
    InventoryNight.objects.update(capacity=50)
    token = stays.quote()

    def deed(number: int) -> Callable[[], object]:
        contact = placing.Contact("Hoarder", f"hoarder{number}@example.com", phones(number))
        return lambda: placing.place(
            retreat, token, contact=contact, user_id=None, by=GUEST_LINK, at=stays.at, address="203.0.113.9"
        )

    return at_once([deed(number) for number in range(12)])


def test_one_telephone_with_many_mail_addresses_stops_at_three(stays, retreat):
    """B19: the number counts however it is typed."""
    typed = ("98765 43210", "+91 98765 43210", "(0)98765-43210", "00919876543210")
    assert hoarding(stays, retreat, phones=lambda n: typed[n % 4]) == {"done": 3, "hold_limit": 9}
    assert set(StayBooking.objects.values_list("contact_phone", flat=True)) == {"+919876543210"}


def test_one_address_with_many_guests_stops_at_six_rooms(stays, retreat):
    """B19: other guests, other telephones, one address."""
    assert hoarding(stays, retreat, phones=lambda n: f"98765432{n:02d}") == {"done": 6, "hold_limit": 6}


def test_the_twin_that_counts_without_a_lock_lets_more_hold(stays, retreat, monkeypatch):
    monkeypatch.setattr("bookings.domain.hoarding.lock", lambda *_: None)
    assert hoarding(stays, retreat, phones=lambda n: "98765 43210")["done"] > 3


def test_one_form_posted_ten_times_is_one_booking(stays):
    assert at_once([lambda: stays.held(key="tab-1", email="a@example.com")] * 10)["done"] == 10
    assert StayBooking.objects.count() == Folio.objects.count() == 1


def test_two_refund_workers_pay_once(stays, drain):
    """R4, Q1: eight workers on one refund; the gateway's own books count."""
    from core import work

    stay = stays.paid()
    lifecycle.cancel(stay, by=GUEST_LINK, at=stays.at)
    at_once([lambda: work.drain("refund")] * 8)
    drain("refund")
    assert len(stays.gateway.paid_back) == 1 and Refund.objects.get().state == "done"
    assert FolioLine.objects.filter(kind="refund").count() == 1
