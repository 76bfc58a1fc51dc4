"""Z11: every step of a stay, at every door, from every state that the table of moves does not allow it from."""

from datetime import timedelta
from itertools import product

import pytest
from django.db import transaction
from django.forms.models import model_to_dict

from audit.models import History
from bookings.models import GuestReview, StayBooking
from bookings.states import CANCELLABLE, FINAL, HOLDS_STOCK, State
from core.references import CROCKFORD, random_code, reference
from medical.models import MedicalForm
from payments.models import Payment
from rooms.models import Assignment

pytestmark = pytest.mark.django_db
S = State
# door: (who calls, verb, address, body, the states it may be called in)
DOORS = {
    "cancel": ("guest", "patch", "bookings/{ref}/cancel", {}, CANCELLABLE),
    "extend hold": ("guest", "post", "bookings/{ref}/extend-hold", {}, {S.HELD}),
    "pay": ("guest", "post", "payments/initiate", {"milestone": "half"}, HOLDS_STOCK),
    "review": ("guest", "post", "reviews", {"rating": 5, "text": "Quiet."}, {S.COMPLETED}),
    "check in": ("front_desk", "post", "admin/bookings/{ref}/check-in", {}, {S.CONFIRMED}),
    "check out": ("front_desk", "post", "admin/bookings/{ref}/check-out", {}, {S.CHECKED_IN}),
    "no show": ("front_desk", "post", "admin/bookings/{ref}/no-show", {}, {S.CONFIRMED}),
    "room": ("front_desk", "post", "admin/bookings/{ref}/assign-room", {"room": "s1"}, HOLDS_STOCK - {S.HELD}),
    "approve": (
        "doctor",
        "post",
        "doctor/reviews/{form}/decision",
        {"decision": "approve"},
        {S.IN_REVIEW, S.ON_HOLD, S.CHECKED_IN},
    ),
    "ask": ("doctor", "post", "doctor/reviews/{form}/questions", {"question": "Since when?"}, {S.IN_REVIEW, S.ON_HOLD}),
}
ILLEGAL = [(name, state) for (name, row), state in product(DOORS.items(), S) if state not in row[4]]


@pytest.fixture
def stay(stays, guest, doctor, monkeypatch):
    monkeypatch.setattr(transaction, "on_commit", lambda act, **_more: act())  # the whole test is one transaction
    return stays.in_review(user=guest)


def picture(stay):
    """Everything that a step could move."""
    counts = [model.objects.count() for model in (History, GuestReview, Payment, Assignment)]
    forms = [model_to_dict(form) for form in MedicalForm.objects.filter(booking=stay)]
    return model_to_dict(StayBooking.objects.get(pk=stay.pk)), forms, counts, stay.folio.instalments.count()


@pytest.mark.parametrize("door", DOORS)
def test_no_step_is_taken_out_of_turn(door, stay, api, guest, front_desk, doctor, now):
    """Z11: 409, and the stay, its forms, its money and its history are as they were."""
    who, verb, path, body, _legal = DOORS[door]
    caller = api({"guest": guest, "front_desk": front_desk, "doctor": doctor}[who])
    path = path.format(ref=stay.reference, form=stay.medical_forms.get().public_id)
    if path in ("reviews", "payments/initiate"):
        body = {**body, "booking": stay.reference}
    states = [state for name, state in ILLEGAL if name == door]
    assert states
    for state in states:
        inside = state in (S.CHECKED_IN, S.COMPLETED)
        StayBooking.objects.filter(pk=stay.pk).update(
            state=state,
            checked_in_at=now if inside else None,
            ended_at=now if state in FINAL else None,
            hold_expires_at=now + timedelta(minutes=20) if state == S.HELD else None,
        )
        before = picture(stay)
        answer = getattr(caller, verb)(path, body)
        assert answer.status_code == 409, f"{door} from {state}: {answer.status_code} {answer.content[:200]!r}"
        assert picture(stay) == before, f"{door} from {state} changed something"


def test_a_step_in_turn_is_taken(stay, api, guest, doctor):
    """The control: the same calls, from a state that allows them."""
    form = stay.medical_forms.get()
    assert api(doctor).post(f"doctor/reviews/{form.public_id}/questions", {"question": "Since when?"}).status_code < 300
    assert api(guest).patch(f"bookings/{stay.reference}/cancel").status_code == 200
    stay.refresh_from_db()
    assert stay.state == State.CANCELLED


def test_a_reference_cannot_be_guessed():
    """Z9: ten signs of 32, each from the system's own randomness: 50 bits, no order, no sign missing."""
    assert len(CROCKFORD) == len(set(CROCKFORD)) == 32
    drawn = [random_code(10) for _ in range(2000)]
    assert len(set(drawn)) == 2000 and all(set("".join(signs)) == set(CROCKFORD) for signs in zip(*drawn, strict=True))
    assert drawn != sorted(drawn) and len(reference("PW")) == len("PW-") + 10
