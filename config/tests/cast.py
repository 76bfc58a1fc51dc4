"""The cast: one small property, its people, and the usual situations. Boring on purpose."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.models import User
from bookings.domain import placing, quotes
from bookings.domain.request import RoomRequest, StayRequest
from bookings.models import StayBooking
from config.tests.fake_gateway import FakeGateway
from core import work
from core.actors import GUEST_LINK
from core.nights import Nights, local_date
from medical.domain import forms, review
from medical.models import DoctorProfile, MedicalForm, Questionnaire
from payments.domain import attempts, capture
from payments.gateways import registry
from payments.models import Payment
from programs.models import (
    CancellationPolicy,
    ChildRate,
    Extra,
    PaymentPlan,
    Program,
    ProgramType,
    RateBand,
    RoomTypeTerms,
    TaxRule,
)
from rooms.domain.inventory import extend_horizon
from rooms.domain.staffing import work_for
from rooms.models import Property, Room, RoomType

PASSWORD = "a-long-enough-password"
QUESTIONS = {
    "resourceType": "Questionnaire",
    "status": "active",
    "item": [
        {
            "linkId": "personal",
            "text": "About you",
            "type": "group",
            "item": [
                {"linkId": "birth-date", "text": "Born", "type": "date", "required": True},
                {"linkId": "height", "text": "Height", "type": "decimal"},
                {"linkId": "weight", "text": "Weight", "type": "decimal"},
            ],
        },
        {
            "linkId": "history",
            "text": "History",
            "type": "group",
            "item": [
                {"linkId": "heart", "text": "Heart trouble?", "type": "boolean", "required": True},
                {
                    "linkId": "heart-detail",
                    "text": "What was it?",
                    "type": "text",
                    "required": True,
                    "enableWhen": [{"question": "heart", "operator": "=", "answerBoolean": True}],
                },
            ],
        },
    ],
}
ANSWERS = {"birth-date": "1984-05-21", "height": "170", "weight": "65", "heart": False}
AGREEMENT = forms.Agreement("test-1", ("review", "care"))


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def today(now):
    return local_date(now, "Asia/Kolkata")


@pytest.fixture
def retreat(db, today) -> Property:
    """A property with two room types (3 Standard on deposit, 1 suite in full) and a year of prices."""
    made = Property.objects.create(slug="pema", name="Pema Wellness", email="stay@pema.example", phone="+91 891 000")
    deposit = PaymentPlan.objects.create(code="deposit", name="Deposit", kind="deposit", deposit_amount=50000)
    full = PaymentPlan.objects.create(code="full", name="Full", kind="full")
    medical = ProgramType.objects.create(slug="medical", name="Medical")
    lite = ProgramType.objects.create(slug="lite", name="Lite")
    Program.objects.create(property=made, type=medical, slug="detox", name="Detox", min_nights=5, max_nights=21)
    Program.objects.create(
        property=made, type=lite, slug="weekend-pause", name="Weekend Pause", max_nights=7, needs_medical_review=False
    )
    for slug, name, plan, count, single, double in (
        ("standard", "Standard", deposit, 3, 47000, 83000),
        ("pema-suite", "Pema Suite", full, 1, 290000, 370000),
    ):
        kind = RoomType.objects.create(property=made, slug=slug, name=name, category="room", position=count)
        Room.objects.bulk_create(Room(room_type=kind, number=f"{slug[:1]}{n}") for n in range(count))
        RoomTypeTerms.objects.create(room_type=kind, plan=plan, caregiver_sharing=8000, caregiver_own_room=20000)
        RateBand.objects.create(property=made, room_type=kind, label="Wellness", single=single, double=double)
    ChildRate.objects.create(property=made, age_from=0, age_to=4, amount=0)
    ChildRate.objects.create(property=made, age_from=5, age_to=12, amount=7000)
    Extra.objects.create(property=made, code="airport-transfer", name="Airport transfer", amount=3500)
    TaxRule.objects.create(valid_from="2025-09-22", threshold=7500, rate_low=5, rate_high=18)
    tiers = [{"min_days": 8, "percent": 100}, {"min_days": 3, "percent": 50}, {"min_days": 0, "percent": 0}]
    CancellationPolicy.objects.create(property=made, name="House", tiers=tiers, valid_from="2025-01-01")
    Questionnaire.objects.create(
        code="intake", title="Guest form", status="active", definition=QUESTIONS, consent_text="I agree."
    )
    extend_horizon(made, today=today)
    for person in User.objects.filter(is_staff=True):
        work_for(person, made)
    return made


@pytest.fixture
def standard(retreat) -> RoomType:
    return RoomType.objects.get(slug="standard")


@pytest.fixture
def suite(retreat) -> RoomType:
    return RoomType.objects.get(slug="pema-suite")


@pytest.fixture
def program(retreat) -> Program:
    return Program.objects.get(slug="detox")


def _person(name: str, *groups: str, staff: bool = False) -> User:
    user = User.objects.create_user(
        f"{name.lower().replace(' ', '.')}@pema.example",
        PASSWORD,
        first_name=name.split()[0],
        last_name=name.split()[-1],
        is_staff=staff,
        email_verified_at=timezone.now(),
    )
    for group in groups:
        user.groups.add(Group.objects.get_or_create(name=group)[0])
    if "doctor" in groups or "medical_lead" in groups:
        DoctorProfile.objects.create(user=user, on_leave="Lead" in name)
    if staff:
        work_for(user, *Property.objects.all())
    return user


@pytest.fixture
def guest(db) -> User:
    return _person("Asha Rao")


@pytest.fixture
def other_guest(db) -> User:
    return _person("Other Guest")


@pytest.fixture
def front_desk(db) -> User:
    return _person("Front Desk", "front_desk", staff=True)


@pytest.fixture
def finance(db) -> User:
    return _person("Fina Ance", "finance", staff=True)


@pytest.fixture
def doctor(db) -> User:
    return _person("Dr Meera Doctor", "doctor", staff=True)


@pytest.fixture
def other_doctor(doctor) -> User:
    return _person("Dr Other Doctor", "doctor", staff=True)


@pytest.fixture
def medical_lead(db) -> User:
    return _person("Dr Lead Doctor", "medical_lead", staff=True)


@pytest.fixture
def gateway(monkeypatch) -> FakeGateway:
    fake = FakeGateway()
    monkeypatch.setattr(registry, "gateway", lambda code: fake)
    monkeypatch.setattr(registry, "available", lambda: ("payu",))
    return fake


class Stays:
    """Makes stays in the usual situations, through the verbs."""

    def __init__(self, retreat: Property, gateway: FakeGateway, at) -> None:
        self.retreat, self.gateway, self.at = retreat, gateway, at
        self.today = local_date(at, retreat.time_zone)
        self.number = 0

    def wish(self, *, room="standard", program="detox", start=30, nights=7, adults=1, **more) -> StayRequest:
        arrival = self.today + timedelta(start)
        return StayRequest(program, Nights(arrival, arrival + timedelta(nights)), (RoomRequest(room, adults, **more),))

    def quote(self, **wish) -> str:
        return quotes.offer(self.retreat, self.wish(**wish), at=self.at).token

    def held(self, *, user: User | None = None, email: str = "", key: str | None = None, **wish) -> StayBooking:
        self.number += 1
        mail = email or (user.email if user else f"guest{self.number}@example.com")
        return placing.place(
            self.retreat,
            self.quote(**wish),
            contact=placing.Contact("Asha Rao", mail, f"+9198765{43209 + self.number}"),
            user_id=user.pk if user else None,
            by=GUEST_LINK,
            at=self.at,
            key=key,
        )

    def started(self, stay: StayBooking, milestone: str) -> Payment:
        return attempts.start(
            stay.folio, milestone=milestone, gateway_code="payu", product="Stay", by=GUEST_LINK, at=self.at
        )

    def pay(self, stay: StayBooking, milestone: str | None = None) -> Payment:
        first = stay.folio.instalments.order_by("position").first().milestone
        payment = self.started(stay, milestone or first)
        self.gateway.pays(payment)
        capture.confirm(payment, at=self.at)
        stay.refresh_from_db()
        return payment

    def paid(self, **more) -> StayBooking:
        stay = self.held(**more)
        self.pay(stay)
        return stay

    def in_review(self, *, answers: dict | None = None, **more) -> StayBooking:
        stay = self.paid(**more)
        for form in stay.medical_forms.all():
            forms.submit(form, answers or ANSWERS, agreement=AGREEMENT, by=GUEST_LINK, at=self.at)
        stay.refresh_from_db()
        return stay

    def approved(self, **more) -> StayBooking:
        stay = self.in_review(**more)
        for form in stay.medical_forms.all():
            review.decide(form, "approve", doctor=form.doctor, at=self.at)
        stay.refresh_from_db()
        return stay

    def confirmed(self, **more) -> StayBooking:
        stay = self.approved(**more)
        if stay.state == "approved":
            self.pay(stay, "half")
        return stay

    def form(self, stay: StayBooking) -> MedicalForm:
        return stay.medical_forms.get()


@pytest.fixture
def stays(retreat, gateway, doctor, now) -> Stays:
    return Stays(retreat, gateway, now)


@pytest.fixture
def drain():
    """Keep all promises that are due or were put off, until nothing moves."""

    def run(*kinds: str) -> None:
        for name in kinds or tuple(work.Registry.kinds):
            model = work.Registry.kinds[name].model
            for _ in range(10):
                model.objects.filter(work_state="pending").update(due_at=timezone.now() - timedelta(seconds=1))
                if not work.drain(name):
                    break

    return run
