"""A stay from hold to departure, and its other ends; a refusal changes nothing."""

from datetime import timedelta
from decimal import Decimal

import pytest

from audit.models import History
from bookings.domain import arrival, clocks, front_desk, lifecycle, placing, quotes
from bookings.domain.quotes import QuoteStale
from bookings.models import StayBooking
from bookings.states import State
from core.actors import GUEST_LINK, SYSTEM
from core.errors import Conflict, DomainError, Invalid, TooMany
from notifications.models import Message, StaffTask
from payments.domain import folio
from payments.models import Folio, Refund
from programs.models import RateBand
from rooms.domain.inventory import SoldOut
from rooms.models import InventoryNight, Room

pytestmark = pytest.mark.django_db(transaction=True)


def sold(stay) -> set[int]:
    nights = InventoryNight.objects.filter(
        room_type__in=[room.room_type_id for room in stay.rooms.all()],
        night__gte=stay.check_in,
        night__lt=stay.check_out,
    )
    return set(nights.values_list("sold", flat=True))


def told(stay) -> list[str]:
    return list(Message.objects.filter(subject_of=stay.subject).order_by("id").values_list("template", flat=True))


def test_the_whole_stay(stays, drain):
    """approved → confirmed → checked in → completed, with a history row for each step."""
    stay = stays.held()
    assert (stay.state, stay.total, sold(stay)) == (State.HELD, Decimal("329000.00"), {1})
    stays.pay(stay)
    assert stay.state == State.PENDING_MEDICAL and stay.hold_expires_at is None
    stay = stays_submit(stays, stay)
    assert stay.state == State.IN_REVIEW
    decide(stays, stay, "approve")
    assert (stay.state, stay.clearance) == (State.APPROVED, "cleared")
    stays.pay(stay, "half")
    assert stay.state == State.CONFIRMED
    stays.pay(stay, "balance")
    assert folio.standing(stay.folio).balance == 0
    arrival_day = stays.at + timedelta(days=30)
    front_desk.check_in(stay, by=SYSTEM, at=arrival_day)
    front_desk.check_out(stay, by=SYSTEM, at=arrival_day + timedelta(days=7))
    stay.refresh_from_db()
    assert stay.state == State.COMPLETED
    steps = History.objects.filter(subject=stay.subject).exclude(to_state="").order_by("id")
    assert [row.to_state for row in steps] == [
        "held", "pending_medical", "in_review", "approved", "confirmed", "checked_in", "completed",
    ]  # fmt: skip
    assert told(stay) == [
        "payment_received", "medical_form_invitation", "medical_form_received", "stay_approved", "payment_received",
        "stay_confirmed", "payment_received", "checked_in_welcome", "stay_completed",
    ]  # fmt: skip
    drain("message")
    assert not Message.objects.exclude(work_state="done").exists()


def stays_submit(stays, stay):
    from config.tests.cast import AGREEMENT, ANSWERS
    from medical.domain import forms

    for form in stay.medical_forms.all():
        forms.submit(form, ANSWERS, agreement=AGREEMENT, by=GUEST_LINK, at=stays.at)
    stay.refresh_from_db()
    return stay


def decide(stays, stay, outcome, **more):
    from medical.domain import review

    for form in stay.medical_forms.all():
        review.decide(form, outcome, doctor=form.doctor, at=stays.at, **more)
    stay.refresh_from_db()


def test_not_suitable_gives_everything_back_and_the_room_is_free(stays, drain, gateway):
    stay = stays.in_review(start=4)  # inside the 50 % days: a doctor's no still gives 100 %
    decide(stays, stay, "not_suitable")
    assert (stay.state, stay.clearance, sold(stay)) == (State.NOT_SUITABLE, "not_suitable", {0})
    drain("refund", "message")
    refund = Refund.objects.get(folio=stay.folio)
    assert (refund.state, refund.amount) == (Refund.State.DONE, Decimal(50000))
    assert sum(gateway.paid_back.values()) == Decimal(50000)
    assert folio.standing(stay.folio).balance == 0
    words = " ".join(str(message.context) for message in Message.objects.all()).lower()
    assert "not suitable" not in words and "medical" not in words
    assert told(stay)[-2:] == ["stay_not_possible", "refund_done"]


@pytest.mark.parametrize(("start", "back"), [(30, 50000), (8, 50000), (7, 25000), (3, 25000), (2, 0)])
def test_cancelling_gives_back_what_was_shown(stays, start, back):
    """R9: shown, promised and billed are one figure."""
    stay = stays.paid(start=start)
    shown = lifecycle.cancellation(stay, at=stays.at)[0].amount
    lifecycle.cancel(stay, by=GUEST_LINK, at=stays.at, expected_refund=shown)
    stay.refresh_from_db()
    assert shown == back == lifecycle.pending_refunds(stay)
    assert stay.state == State.CANCELLED and sold(stay) == {0}
    assert folio.standing(stay.folio).balance == -Decimal(back)


def test_a_refund_that_has_changed_is_asked_again(stays):
    stay = stays.paid(start=7)
    with pytest.raises(Conflict) as refusal:
        lifecycle.cancel(stay, by=GUEST_LINK, at=stays.at, expected_refund=Decimal(50000))
    stay.refresh_from_db()
    assert refusal.value.code == "refund_changed" and stay.state == State.PENDING_MEDICAL
    assert not Refund.objects.exists() and sold(stay) == {1}


def test_the_house_cancels_with_everything_back(stays):
    stay = stays.paid(start=2)
    lifecycle.cancel(stay, by=SYSTEM, at=stays.at, by_house=True)
    assert lifecycle.pending_refunds(stay) == 50000


def test_a_hold_lapses_once_and_not_too_early(stays):
    """T4: exactly at the instant it is over; before it is not."""
    stay = stays.held()
    assert lifecycle.expire(stay, by=SYSTEM, at=stay.hold_expires_at - timedelta(microseconds=1)) is False
    assert lifecycle.expire(stay, by=SYSTEM, at=stay.hold_expires_at) is True
    assert lifecycle.expire(stay, by=SYSTEM, at=stay.hold_expires_at) is False
    assert sold(stay) == {0} and History.objects.filter(to_state="expired").count() == 1


def test_a_lapsed_hold_makes_room_for_the_next_guest_at_once(stays):
    """Holds expire lazily too: the sweep may be late."""
    stay = stays.held(room="pema-suite")
    stays.at = stay.hold_expires_at
    other = stays.held(room="pema-suite")
    stay.refresh_from_db()
    assert (stay.state, other.state) == (State.EXPIRED, State.HELD)


def test_extending_once(stays):
    stay = stays.held()
    until = stay.hold_expires_at
    placing.extend_hold(stay, by=GUEST_LINK, at=stays.at)
    with pytest.raises(Conflict) as refusal:
        placing.extend_hold(stay, by=GUEST_LINK, at=stays.at)
    stay.refresh_from_db()
    assert refusal.value.code == "already_extended" and stay.hold_expires_at == until + timedelta(minutes=10)


def test_three_live_holds_and_no_more(stays):
    """B19."""
    for _ in range(3):
        stays.held(email="hoarder@example.com")
    with pytest.raises(TooMany) as refusal:
        stays.held(email="Hoarder@Example.com", room="pema-suite")
    assert refusal.value.retry_after > 1000 and StayBooking.objects.count() == 3
    assert not InventoryNight.objects.filter(room_type__slug="pema-suite", sold__gt=0).exists()


def test_a_double_click_is_one_booking(stays):
    first, second = stays.held(key="form-1"), stays.held(key="form-1")
    assert first.pk == second.pk and Folio.objects.count() == 1 and sold(first) == {1}


def test_sold_out_writes_nothing(stays):
    stays.held(room="pema-suite")
    before = (StayBooking.objects.count(), Folio.objects.count(), History.objects.count())
    with pytest.raises(SoldOut):
        stays.held(room="pema-suite")
    assert (StayBooking.objects.count(), Folio.objects.count(), History.objects.count()) == before


def test_a_changed_or_old_price_brings_a_new_quote(stays, retreat):
    """B12."""
    token = stays.quote()
    contact = placing.Contact("Asha Rao", "a@example.com")
    RateBand.objects.update(single=48000)
    for at, code in ((stays.at, "quote_changed"), (stays.at + timedelta(minutes=16), "quote_expired")):
        with pytest.raises(QuoteStale) as refusal:
            placing.place(retreat, token, contact=contact, user_id=None, by=GUEST_LINK, at=at)
        assert refusal.value.code == code and refusal.value.fresh.quote.total == 48000 * 7
    assert not StayBooking.objects.exists()
    fresh = quotes.offer(retreat, quotes.wish_of(token), at=stays.at)
    assert (
        placing.place(retreat, fresh.token, contact=contact, user_id=None, by=GUEST_LINK, at=stays.at).total == 336000
    )


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "é" * 100, "x" * 9000, None])
def test_a_forged_quote(retreat, token, now):
    with pytest.raises(Invalid):
        placing.place(
            retreat, token, contact=placing.Contact("A", "a@example.com"), user_id=None, by=GUEST_LINK, at=now
        )


def test_a_program_without_review_needs_no_form(stays):
    stay = stays.paid(program="weekend-pause", nights=3)
    assert (stay.state, stay.clearance) == (State.APPROVED, "not_needed")
    assert not stay.medical_forms.exists()
    stays.pay(stay, "half")
    assert stay.state == State.CONFIRMED


def test_a_suite_is_paid_at_once_and_confirmed_by_the_doctor(stays):
    stay = stays.in_review(room="pema-suite")
    decide(stays, stay, "approve")
    assert stay.state == State.CONFIRMED and folio.standing(stay.folio).balance == 0


def test_three_gates_before_check_in(stays, now):
    stay = stays.confirmed(start=0, nights=5)
    Room.objects.update(condition="dirty")
    with pytest.raises(Conflict) as refusal:
        front_desk.check_in(stay, by=SYSTEM, at=now)
    stay.refresh_from_db()
    assert [gate["code"] for gate in refusal.value.details["gates"]] == ["balance", "room"]
    assert stay.state == State.CONFIRMED and not front_desk.assigned_rooms(stay)
    with pytest.raises(Invalid):
        front_desk.check_in(stay, by=SYSTEM, at=now, override=True)
    front_desk.check_in(stay, by=SYSTEM, at=now, override=True, reason="Pays in the evening")
    stay.refresh_from_db()
    assert stay.state == State.CHECKED_IN and len(front_desk.assigned_rooms(stay)) == 1


def test_not_before_the_day(stays, now):
    stay = stays.confirmed(start=30)
    with pytest.raises(Conflict) as refusal:
        front_desk.check_in(stay, by=SYSTEM, at=now)
    assert refusal.value.code == "too_early"


def in_house(stays, nights=10):
    stay = stays.confirmed(start=0, nights=nights)
    stays.pay(stay, "balance")
    front_desk.check_in(stay, by=SYSTEM, at=stays.at)
    stay.refresh_from_db()
    return stay


def test_denied_on_arrival_charges_the_nights_slept(stays):
    stay = in_house(stays)
    arrival.deny(stay, by=SYSTEM, at=stays.at + timedelta(days=2))
    stay.refresh_from_db()
    assert stay.state == State.CANCELLED
    assert lifecycle.pending_refunds(stay) == stay.total * 8 / 10
    nights = InventoryNight.objects.filter(room_type__slug="standard", sold=1).count()
    assert nights == 2 and not front_desk.assigned_rooms(stay)


def test_another_program_on_arrival_is_priced_again(stays, retreat):
    cheap = retreat.programs.get(slug="weekend-pause")
    RateBand.objects.create(property=retreat, program=cheap, label="Pause", single=40000, double=70000, nights_min=1)
    stay = in_house(stays, nights=7)
    arrival.change_program(stay, cheap, by=SYSTEM, at=stays.at)
    stay.refresh_from_db()
    assert (stay.program, stay.total) == (cheap, Decimal(280000))
    assert lifecycle.pending_refunds(stay) == 49000
    assert folio.standing(stay.folio).balance == -49000


@pytest.mark.parametrize(("limits", "code"), [({"min_nights": 8}, "min_stay"), ({"max_nights": 6}, "max_stay")])
def test_another_program_on_arrival_lasts_as_long_as_it_lasts(stays, retreat, limits, code):
    """A week is too short, or too long, for it: not offered, and refused to whoever sends it all the same."""
    cheap = retreat.programs.get(slug="weekend-pause")
    RateBand.objects.create(property=retreat, program=cheap, label="Pause", single=40000, double=70000, nights_min=1)
    retreat.programs.filter(pk=cheap.pk).update(**{"min_nights": 1, "max_nights": 90, **limits})
    stay = in_house(stays, nights=7)
    for deed in (
        lambda: arrival.difference(stay, cheap),
        lambda: arrival.change_program(stay, cheap, by=SYSTEM, at=stays.at),
    ):
        with pytest.raises(Invalid) as refusal:
            deed()
        assert refusal.value.code == code
    stay.refresh_from_db()
    assert stay.program.slug == "detox" and stay.arrival_examined_at is None
    assert folio.standing(stay.folio).balance == 0 and not lifecycle.pending_refunds(stay)


def test_early_departure_gives_the_nights_back(stays):
    stay = in_house(stays)
    front_desk.check_out(stay, by=SYSTEM, at=stays.at + timedelta(days=4))
    assert InventoryNight.objects.filter(room_type__slug="standard", sold=1).count() == 4
    assert Room.objects.filter(condition="dirty").count() == 1


def test_no_show_only_from_the_day_after(stays):
    stay = stays.confirmed(start=0, nights=5)
    with pytest.raises(Conflict):
        front_desk.no_show(stay, by=SYSTEM, at=stays.at)
    front_desk.no_show(stay, by=SYSTEM, at=stays.at + timedelta(days=1))
    stay.refresh_from_db()
    assert stay.state == State.NO_SHOW and sold(stay) == {0}
    assert lifecycle.pending_refunds(stay) == 0 and folio.standing(stay.folio).balance == 0


def test_an_edited_form_resets_the_approval(stays):
    stay = stays.confirmed()
    stays_submit(stays, stay)
    assert (stay.state, stay.clearance) == (State.IN_REVIEW, "pending")
    decide(stays, stay, "approve")
    assert stay.state == State.CONFIRMED, "half is paid already"


def test_every_illegal_deed_is_refused_and_changes_nothing(stays):
    """Z11."""
    held, done = stays.held(), stays.paid()
    lifecycle.cancel(done, by=GUEST_LINK, at=stays.at)
    history = History.objects.count()
    deeds = [
        lambda: front_desk.check_in(held, by=SYSTEM, at=stays.at),
        lambda: front_desk.check_out(held, by=SYSTEM, at=stays.at),
        lambda: front_desk.no_show(held, by=SYSTEM, at=stays.at + timedelta(days=40)),
        lambda: arrival.deny(held, by=SYSTEM, at=stays.at),
        lambda: lifecycle.cancel(done, by=GUEST_LINK, at=stays.at),
        lambda: placing.extend_hold(done, by=GUEST_LINK, at=stays.at),
        lambda: front_desk.assign_room(done.rooms.get(), None, by=SYSTEM, at=stays.at),
    ]
    for deed in deeds:
        with pytest.raises(DomainError):
            deed()
    held.refresh_from_db(), done.refresh_from_db()
    assert (held.state, done.state) == (State.HELD, State.CANCELLED)
    assert History.objects.count() == history and Refund.objects.count() == 1


def test_reminders_come_once_and_catch_up_after_a_sleep(stays):
    """T5."""
    stay = stays.paid(start=60)
    for hours in (23, 24, 25, 48, 72, 96):
        clocks.run(at=stays.at + timedelta(hours=hours))
    assert told(stay).count("medical_form_reminder") == 3
    assert StaffTask.objects.filter(subject=stay.subject).count() == 1
    late = stays.paid(start=60)
    clocks.run(at=stays.at + timedelta(hours=100))
    clocks.run(at=stays.at + timedelta(hours=101))
    assert told(late).count("medical_form_reminder") == 1


def test_an_overdue_payment_is_reminded_then_cancelled(stays):
    """Reminders at -3, -1, 0 days; two days after the due day a task, then the policy."""
    stay = stays.approved(start=60)
    for day in range(14):
        clocks.run(at=stays.at + timedelta(days=day))
    stay.refresh_from_db()
    assert told(stay).count("payment_reminder") == 3
    assert stay.state == State.CANCELLED and lifecycle.pending_refunds(stay) == 50000
    assert StaffTask.objects.filter(key__startswith=f"{stay.reference}:pay-overdue").count() == 1


def test_a_guest_who_changes_rooms_stays_firm_and_leaves_a_dirty_room(stays):
    stay = in_house(stays)
    old = front_desk.assigned_rooms(stay)[0]
    new = Room.objects.filter(room_type=old.room_type).exclude(pk=old.pk).first()
    made = front_desk.assign_room(stay.rooms.get(), new, by=SYSTEM, at=stays.at)
    old.refresh_from_db()
    assert made.pinned and front_desk.assigned_rooms(stay) == [new] and old.condition == "dirty"


def test_the_clock_of_two_guests_starts_with_the_last_form(stays):
    from config.tests.cast import AGREEMENT, ANSWERS
    from medical.domain import forms

    stay = stays.paid(adults=2)
    first, second = stay.medical_forms.all()
    forms.submit(first, ANSWERS, agreement=AGREEMENT, by=GUEST_LINK, at=stays.at)
    later = stays.at + timedelta(hours=30)
    forms.submit(second, ANSWERS, agreement=AGREEMENT, by=GUEST_LINK, at=later)
    assert set(stay.medical_forms.values_list("due_at", flat=True)) == {later + timedelta(hours=24)}


def test_no_number_passes_the_doctor(stays, retreat):
    """V8: an adult who claims to be five, or seventeen, is refused or fills in a form all the same."""
    contact = placing.Contact("Asha Rao", "a@example.com")
    for age in (5, 12):
        with pytest.raises(Invalid):
            placing.place(
                retreat, stays.quote(), contact=contact, people=[placing.Person("Asha", age=age)],
                user_id=None, by=GUEST_LINK, at=stays.at,
            )  # fmt: skip
    stay = placing.place(
        retreat, stays.quote(), contact=contact, people=[placing.Person("Asha", age=17)],
        user_id=None, by=GUEST_LINK, at=stays.at,
    )  # fmt: skip
    assert stay.guests.get().participates


def test_a_double_click_on_the_third_hold_is_that_hold(stays):
    for number in range(3):
        stays.held(email="a@example.com", key=f"k{number}")
    assert stays.held(email="a@example.com", key="k2").placing_key == "k2"
