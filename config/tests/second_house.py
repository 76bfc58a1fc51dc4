"""A second property beside the one of the cast, with its own people and everything that staff could look at.

What is private there carries `FOREIGN`, what is private of another guest of the first property `STRANGER`: no answer
to anybody else may hold these words.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group

from accounts.models import User
from accounts.roles import ALL
from audit.record import looked
from config.tests.cast import Stays
from core import crypto
from core.actors import SYSTEM
from core.nights import Nights
from core.work import WorkState
from medical.models import DoctorProfile, RedFlagRule
from notifications.domain.desk import ask_staff
from notifications.webhooks.catalogue import DATA_KEYS
from notifications.webhooks.models import WebhookDelivery, WebhookEvent, WebhookSubscription
from payments.models import GatewayEvent, MoneyException, Refund
from programs.models import (
    CancellationPolicy,
    ChildRate,
    Extra,
    PaymentPlan,
    Program,
    ProgramType,
    RateBand,
    RoomTypeTerms,
)
from rooms.domain import blocks, staffing
from rooms.domain.inventory import extend_horizon
from rooms.models import Property, Room, RoomType

FOREIGN = "zanzibarforeign"
STRANGER = "quixotestranger"


class LakeStays(Stays):
    """Stays at the second property."""

    def wish(self, **more: Any) -> Any:
        return super().wish(**{"room": "lake-room", "program": "lake-rest", **more})


def build(*, today: date) -> Property:
    """Prices, rooms and rules of a lake house."""
    made = Property.objects.create(slug="lakeside", name="Pema Lakeside", email="lake@pema.example")
    medical = ProgramType.objects.get(slug="medical")
    Program.objects.create(property=made, type=medical, slug="lake-rest", name="Lake rest", max_nights=21)
    Program.objects.filter(slug="lake-rest").update(needs_medical_review=True)
    kind = RoomType.objects.create(property=made, slug="lake-room", name="Lake room", category="room")
    Room.objects.bulk_create(Room(room_type=kind, number=f"Z{n}") for n in range(30))
    RoomTypeTerms.objects.create(
        room_type=kind, plan=PaymentPlan.objects.get(code="deposit"), caregiver_sharing=1, caregiver_own_room=2
    )
    RateBand.objects.create(property=made, room_type=kind, label="Lake", single=50000, double=90000)
    ChildRate.objects.create(property=made, age_from=0, age_to=12, amount=100)
    Extra.objects.create(property=made, code="boat", name="Boat", amount=3500)
    tiers = [{"min_days": 0, "percent": 0}]
    CancellationPolicy.objects.create(property=made, name=f"{FOREIGN} rules", tiers=tiers, valid_from="2025-01-01")
    extend_horizon(made, today=today)
    return made


PASSWORD = "open the house 7"


def person(role: str, home: Property, name: str = "") -> User:
    """Somebody in this role who works for `home` only."""
    made = User.objects.create_user(
        f"{name}{role}.{home.slug}@pema.example", PASSWORD, first_name=name or role, last_name="Person", is_staff=True
    )
    made.groups.add(Group.objects.get(name=role))
    if role in ("doctor", "medical_lead"):
        DoctorProfile.objects.create(user=made, on_leave=role != "doctor")
    staffing.works_only_for(made, [home])
    return made


def clutter(stays: Stays, stay: Any, *, word: str, at: datetime) -> None:
    """A task, an exception, a notice, a block and a look, all about this stay and its property."""
    ask_staff("front_desk", f"{word} task", key=f"test:{stay.reference}", subject=stay.subject, at=at)
    payment = stay.folio.payments.first()
    MoneyException.objects.create(key=f"test:{stay.reference}", kind="mismatch", payment=payment, detail=word)
    GatewayEvent.objects.create(
        key=f"test:{stay.reference}",
        gateway=payment.gateway,
        source="webhook",
        txnid=payment.txnid,
        payload={"x": word},
    )
    Refund.objects.create(
        key=f"test:{stay.reference}",
        folio=stay.folio,
        payment=payment,
        amount=1,
        reason=word,
        token=f"T{stay.reference}",
    )
    room = Room.objects.filter(room_type__property=stay.property, assignments__isnull=True).last()
    far = stays.today + timedelta(200)
    blocks.block(room, Nights(far, far + timedelta(2)), reason=f"{word} pipe", by=SYSTEM, at=at)
    program = Program.objects.filter(property=stay.property, needs_medical_review=True).first()
    RedFlagRule.objects.create(program=program, link_id="bmi", operator="gt", value=40, label=f"{word} rule")
    event = WebhookEvent.objects.create(
        public_id=f"evt_{word}",
        key=f"test:{word}",
        type="booking.held",
        subject=stay.subject,
        sequence=900,
        data=dict.fromkeys(DATA_KEYS, word),
    )
    receiver, _new = WebhookSubscription.objects.get_or_create(
        name="Test receiver", defaults={"url": "https://receiver.example/hook", "secret": crypto.seal("x", row="test")}
    )
    WebhookDelivery.objects.create(
        key=f"test:{word}", event=event, subscription=receiver, give_up_at=at + timedelta(1), work_state=WorkState.DONE
    )
    for form in stay.medical_forms.all():
        looked(form.doctor or stay.user, form.subject, what="answers", purpose=word, at=at)


def everybody(home: Property) -> dict[str, User]:
    """One person for each role of the house, working for `home`."""
    return {role: person(role, home) for role in ALL}


__all__ = ["FOREIGN", "STRANGER", "LakeStays", "build", "clutter", "everybody", "person"]
