"""`load_demo`: safe to repeat, reproducible, and in the very state that the domain would have left behind."""

from datetime import datetime, timedelta
from decimal import Decimal
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count, F, Q, Sum

from accounts.models import User
from audit.models import History
from backoffice.demo import load
from backoffice.demo.people import SIGN_INS
from bookings.domain import lifecycle, stocking
from bookings.domain.front_desk import gates
from bookings.models import BookedRoom, StayBooking
from bookings.states import FINAL, HOLDS_STOCK, Clearance, State, allowed
from core.actors import SYSTEM
from core.money import ZERO
from medical.domain import questionnaires
from medical.domain.forms import answers_of
from medical.models import MedicalForm
from payments.domain.folio import standing
from payments.models import FolioLine, Payment, Refund
from rooms.models import Assignment, InventoryNight

NOW = datetime(2027, 3, 10, 15, 30, tzinfo=ZoneInfo("Asia/Kolkata"))
OURS = ("accounts", "audit", "bookings", "medical", "payments", "payusim", "programs", "rooms")

pytestmark = pytest.mark.django_db


def counts():
    models = [model for model in apps.get_models() if model._meta.app_label in OURS]
    return {model._meta.label: model._default_manager.count() for model in models}


@pytest.fixture(scope="module")
def loaded_once(django_db_setup, django_db_blocker):
    """One demo for the whole module, rolled back at its end; each test gets a savepoint inside."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load.load(now=NOW, bookings=150)
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded_once, db):
    return loaded_once


def test_the_catalogue_alone(db):
    load.load(now=NOW, catalogue_only=True)
    assert counts()["rooms.Room"] == 76
    assert counts()["programs.RateBand"] == 16
    assert counts()["bookings.StayBooking"] == 0
    assert InventoryNight.objects.count() == 8 * 400


def test_production_is_refused(db, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="--i-know"):
        call_command("load_demo")
    with pytest.raises(CommandError):
        call_command("demo_signins")
    assert not User.objects.exists()


def test_a_second_run_changes_no_count(demo):
    before = counts()
    again = load.load(now=NOW + timedelta(hours=6), bookings=150)
    assert counts() == before
    assert (demo.added, again.added, again.bookings) == (150, 0, 150)


def test_the_same_seed_gives_the_same_stays(demo):
    drawn = list(StayBooking.objects.values_list("reference", "check_in", "state", "total", "contact_name"))
    planned = [
        (one.reference, one.stay.check_in, one.state, one.priced.total)
        for one in load.drafts(demo.property, now=NOW, bookings=150, seed=load.SEED)
    ]
    assert sorted(row[:4] for row in drawn) == sorted(planned)


def test_stock_equals_the_stays_that_hold_it(demo):
    holding = [*HOLDS_STOCK, State.COMPLETED]
    for night in InventoryNight.objects.exclude(sold=0) | InventoryNight.objects.filter(night=NOW.date()):
        there = BookedRoom.objects.filter(
            room_type=night.room_type,
            booking__state__in=holding,
            booking__check_in__lte=night.night,
            booking__check_out__gt=night.night,
        )
        assert there.count() == night.sold
    sold = InventoryNight.objects.aggregate(total=Sum("sold"))["total"]
    stays = BookedRoom.objects.filter(booking__state__in=holding).select_related("booking")
    assert sold == sum(len(room.booking.nights) for room in stays)


def test_every_folio_adds_up(demo):
    for stay in StayBooking.objects.select_related("folio"):
        figures = standing(stay.folio)
        pending = lifecycle.pending_refunds(stay)
        if stay.state in (State.CHECKED_IN, State.COMPLETED):
            assert figures.balance == ZERO
        elif stay.state in FINAL:
            assert figures.balance + pending == ZERO
        else:
            assert figures.charges == stay.total and figures.balance >= ZERO
        extras = stay.folio.lines.filter(code__startswith="extra-").aggregate(total=Sum("amount"))["total"] or ZERO
        assert stay.total == sum((room.price for room in stay.rooms.all()), extras)


def test_payments_refunds_and_lines_agree(demo):
    captured = Payment.objects.filter(state="captured")
    paid = FolioLine.objects.filter(kind="payment").aggregate(total=Sum("amount"))["total"]
    assert captured.aggregate(total=Sum("amount"))["total"] == -paid
    assert not captured.filter(applied_at__isnull=True).exists()
    for payment in captured.annotate(promised=Sum("refunds__amount")):
        assert payment.refund_reserved == (payment.promised or ZERO)
    done = Refund.objects.filter(state="done").aggregate(total=Sum("amount"))["total"] or Decimal(0)
    assert FolioLine.objects.filter(kind="refund").aggregate(total=Sum("amount"))["total"] == done


def test_the_history_walks_allowed_moves_to_the_state_of_the_booking(demo):
    for stay in StayBooking.objects.all():
        moves = list(History.objects.filter(subject=stay.subject).exclude(to_state="").order_by("at", "id"))
        assert (moves[0].event, moves[0].from_state, moves[0].to_state) == ("held", "", State.HELD)
        for earlier, later in zip(moves, moves[1:], strict=False):
            assert later.from_state == earlier.to_state
            assert allowed(later.event, later.from_state, later.to_state)
        assert moves[-1].to_state == stay.state
        assert moves[-1].at <= NOW


def test_assignments_fit_type_and_state(demo):
    holders = {str(room.key): room for room in BookedRoom.objects.select_related("booking")}
    for made in Assignment.objects.select_related("room"):
        booked = holders[made.holder]
        assert made.room.room_type_id == booked.room_type_id
        assert made.active == (booked.booking.state in HOLDS_STOCK)
    for stay in StayBooking.objects.filter(state=State.CHECKED_IN):
        assert Assignment.objects.filter(holder__in=stocking.holders(stay), active=True, pinned=True).exists()


def test_forms_follow_the_stays(demo):
    assert not MedicalForm.objects.filter(booking__clearance=Clearance.NOT_NEEDED).exists()
    waiting = MedicalForm.objects.filter(booking__state=State.IN_REVIEW)
    assert waiting.exists() and not waiting.exclude(state="submitted").exists()
    assert not waiting.filter(Q(doctor=None) | Q(due_at=None)).exists()
    assert waiting.values("doctor").distinct().count() == 2
    cleared = MedicalForm.objects.filter(state="cleared").annotate(
        verdicts=Count("decisions"), agreed=Count("consents")
    )
    assert not cleared.exclude(verdicts=1).exists() and not cleared.exclude(agreed=1).exists()
    form = cleared.first()
    assert questionnaires.clean(form.questionnaire.definition, answers_of(form), complete=True)["truth"] in (
        True,
        False,
    )
    assert "birth-date" not in form.answers


def test_today_has_something_for_everybody(demo):
    today = NOW.date()
    arrivals = StayBooking.objects.filter(check_in=today, state=State.CONFIRMED)
    open_gates = [all(gate.open for gate in gates(stay)) for stay in arrivals]
    assert open_gates.count(True) >= 3 and open_gates.count(False) >= 3
    assert StayBooking.objects.filter(check_out=today, state=State.CHECKED_IN).count() >= 6
    assert StayBooking.objects.filter(check_in__lt=today, check_out__gt=today, state=State.CHECKED_IN).count() >= 8
    mine = StayBooking.objects.filter(user__email="guest@pema.example")
    assert {stay.state for stay in mine} == {"completed", "confirmed", "pending_medical", "approved", "cancelled"}
    assert set(StayBooking.objects.values_list("state", flat=True)) >= {
        *("held", "pending_medical", "in_review", "on_hold", "approved", "confirmed", "checked_in", "completed"),
        *("cancelled",),
    }


def test_only_who_came_today_waits_for_the_doctor_at_the_door(demo):
    """As on the page of arrivals to examine."""
    house = StayBooking.objects.filter(state="checked_in", program__needs_medical_review=True)
    assert house.filter(arrival_examination__isnull=False).exists()
    for stay in house:
        today = stay.checked_in_at.astimezone(NOW.tzinfo).date() == NOW.date()
        assert hasattr(stay, "arrival_examination") is not today
        assert stay.arrival_examined_at is None if today else stay.arrival_examined_at > stay.checked_in_at


def test_a_demo_stay_can_be_cancelled_like_any_other(demo):
    stay = StayBooking.objects.filter(state=State.CONFIRMED, check_in__gt=NOW.date() + timedelta(days=10)).first()
    paid = standing(stay.folio).paid
    lifecycle.cancel(stay, by=SYSTEM, at=NOW)
    assert stay.folio.refunds.aggregate(total=Sum("amount"))["total"] == paid
    assert not InventoryNight.objects.filter(sold__lt=0).exists()


def test_the_sandbox_gateway_knows_every_demo_payment(demo, settings):
    if not settings.SANDBOX_GATEWAY:
        pytest.skip("no sandbox gateway here")
    from payments.simulator.models import Transaction

    theirs = set(Transaction.objects.values_list("mihpayid", "txnid", "amount", "state"))
    ours = set(Payment.objects.values_list("gateway_id", "txnid", "amount", "state"))
    assert theirs == ours


def test_sign_ins_open_with_the_password_and_have_their_role(demo, monkeypatch):
    for person in SIGN_INS:
        user = User.objects.get(email=person.email)
        assert user.check_password("pema-demo")
        assert user.is_staff == (person.role != "guest")
        if user.is_staff:
            assert person.role in user.groups.values_list("name", flat=True)
    monkeypatch.setenv("DEMO_PASSWORD", "quite-another-one")
    load.load(now=NOW, bookings=150)
    assert User.objects.get(email="doctor@pema.example").check_password("quite-another-one")


def test_more_bookings_go_to_the_years_before(demo):
    first = load.load(now=NOW, bookings=400)
    second = load.load(now=NOW + timedelta(days=3), bookings=700)
    assert (first.added, second.added, second.bookings) == (250, 300, 700)
    past = StayBooking.objects.filter(source="history")
    assert past.count() == 550
    assert not past.filter(check_out__gt=NOW.date() - timedelta(days=200)).exists()
    assert set(past.values_list("state", flat=True)) == {"completed", "cancelled"}
    lines = FolioLine.objects.filter(
        folio__subject__in=[f"booking:{ref}" for ref in past.values_list("reference", flat=True)]
    )
    assert lines.values("folio").annotate(balance=Sum("amount")).exclude(balance=0).count() == 0
    sold = lines.filter(kind="charge")
    assert not sold.exclude(amount=F("taxable") + F("cgst") + F("sgst") + F("round_off")).exists()
    per_room = sorted((stay.check_in, stay.check_out) for stay in past.filter(rooms__room_type__slug="standard"))
    for check_in, _ in per_room:
        assert sum(start <= check_in < end for start, end in per_room) <= 15


def test_the_sign_ins_are_printed():
    out = StringIO()
    call_command("demo_signins", stdout=out)
    lines = out.getvalue().splitlines()
    assert len(lines) == 1 + len(SIGN_INS)
    assert "doctor@pema.example" in out.getvalue()
