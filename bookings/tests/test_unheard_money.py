"""Money whose news was lost, or comes while the stay ends: nothing is owed, kept or given back twice."""

from datetime import timedelta

import pytest

from bookings.domain import lifecycle, money
from bookings.states import State
from bookings.tests.test_money import settle
from core.actors import SYSTEM
from core.errors import Conflict
from payments.domain import capture, folio, refunds
from payments.models import Refund

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def unheard(stays, monkeypatch):
    """Money whose news was lost: captured, and the booking has not reacted."""

    def pay(stay, milestone):
        payment = stays.started(stay, milestone)
        with monkeypatch.context() as quiet:
            quiet.setattr(capture.payment_captured, "send", lambda **news: None)
            settle(stays, payment)
        return payment

    return pay


@pytest.mark.parametrize("free", [True, False])
def test_a_hold_that_lapses_over_unheard_money_owes_nothing(stays, unheard, free):
    """B6, P11, P12: between capture and reaction the hold runs out; no charge is invented."""
    stay = stays.held(room="pema-suite")
    payment = unheard(stay, "full")
    lifecycle.expire(stay, by=SYSTEM, at=stay.hold_expires_at)
    if not free:
        stays.held(room="pema-suite")
    assert folio.standing(stay.folio).charges == 0
    money.sweep(at=stays.at)
    stay.refresh_from_db()
    if free:
        assert stay.state == State.PENDING_MEDICAL and folio.standing(stay.folio).charges == stay.total
        assert folio.owed(stay.folio) == 0 and refunds.reserved(stay.folio) == 0
    else:
        assert stay.state == State.EXPIRED and refunds.reserved(stay.folio) == payment.amount
        assert folio.standing(stay.folio).charges == 0 == folio.owed(stay.folio)


@pytest.mark.parametrize("by_house", [True, False])
def test_cancelling_over_unheard_money_gives_it_all_back_once(stays, unheard, by_house):
    stay = stays.approved(start=5)
    half = unheard(stay, "half")
    lifecycle.cancel(stay, by=SYSTEM, at=stays.at, by_house=by_house)
    assert money.sweep(at=stays.at) == 1 and money.sweep(at=stays.at) == 0
    kept = 0 if by_house else 25000
    assert refunds.reserved(stay.folio) == 50000 - kept + half.amount
    assert folio.standing(stay.folio).charges == kept and folio.owed(stay.folio) == 0


def test_nobody_leaves_on_unheard_money(stays, unheard):
    """The balance at check-out counts only money that the booking has taken note of."""
    from bookings.domain import front_desk

    stay = stays.confirmed(start=0, nights=5)
    front_desk.check_in(stay, by=SYSTEM, at=stays.at, override=True, reason="pays tonight")
    unheard(stay, "balance")
    with pytest.raises(Conflict):
        front_desk.check_out(stay, by=SYSTEM, at=stays.at)
    money.sweep(at=stays.at)
    front_desk.check_out(stay, by=SYSTEM, at=stays.at)
    assert refunds.reserved(stay.folio) == 0 == folio.owed(stay.folio)


def test_money_on_its_way_back_confirms_nothing(stays):
    """A deposit paid twice does not stand in for the middle payment while the bank works."""
    stay = stays.held(program="weekend-pause", nights=3)
    first, second = stays.started(stay, "deposit"), stays.started(stay, "deposit")
    settle(stays, first), settle(stays, second)
    stay.refresh_from_db()
    assert refunds.reserved(stay.folio) == 50000 and Refund.objects.get().state == "promised"
    assert stay.state == State.APPROVED and folio.counted(stay.folio) == 50000
    assert stays.started(stay, "half").amount == 20500


def test_one_bad_row_does_not_stop_the_sweep(stays, unheard, monkeypatch):
    one, two = stays.held(), stays.held()
    bad, good = unheard(one, "deposit"), unheard(two, "deposit")
    real = money.react

    def react(pk, *, at):
        if pk == bad.pk:
            raise RuntimeError("boom")
        real(pk, at=at)

    monkeypatch.setattr(money, "react", react)
    assert money.sweep(at=stays.at) == 1
    two.refresh_from_db()
    assert two.state == State.PENDING_MEDICAL and good.pk != bad.pk


def test_an_overdue_stay_that_has_just_been_paid_is_not_cancelled(stays, unheard):
    """The clock decides on the locked row, and waits for money that is under way."""
    from bookings.domain import clocks

    stay = stays.approved(start=60)
    clocks.run(at=stays.at + timedelta(days=10))
    unheard(stay, "half")
    clocks.run(at=stays.at + timedelta(days=12))
    stay.refresh_from_db()
    assert stay.state == State.APPROVED
    money.sweep(at=stays.at)
    clocks.run(at=stays.at + timedelta(days=13))
    stay.refresh_from_db()
    assert stay.state == State.CONFIRMED
