"""The stay booking. Gates: `bookings.domain.placing` (creates), `bookings.domain.lifecycle` (moves)."""

from __future__ import annotations

import builtins
import uuid
from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from bookings.states import HOLDS_STOCK, Clearance, State
from core.nights import Nights
from core.personal_data import NO_MAIL
from core.tracked import tracked
from payments.models import Folio
from programs.models import Program
from rooms.models import Property, RoomType


@tracked(exclude=("placing_key", "placed_from"), blind=("terms", "quote", "instructions"))
class StayBooking(models.Model):
    """A guest's reservation. `state` is written by `bookings.domain.lifecycle.move` only, under the row's lock."""

    reference = models.CharField(max_length=13, unique=True)
    property = models.ForeignKey(Property, on_delete=models.PROTECT)
    program = models.ForeignKey(Program, on_delete=models.PROTECT)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="stays"
    )
    folio = models.OneToOneField(Folio, on_delete=models.PROTECT, related_name="+")
    contact_name = models.CharField(max_length=160)
    contact_email = models.EmailField()
    contact_phone = models.CharField(max_length=20, blank=True)
    check_in = models.DateField()
    check_out = models.DateField()
    state = models.CharField(max_length=16, choices=State.choices, default=State.HELD)
    clearance = models.CharField(max_length=12, choices=Clearance.choices, default=Clearance.PENDING)
    hold_expires_at = models.DateTimeField(null=True, blank=True)
    hold_extended = models.BooleanField(default=False)
    total = models.DecimalField(max_digits=12, decimal_places=2, help_text="as sold, tax inclusive")
    currency = models.CharField(max_length=3, default="INR")
    terms = models.JSONField(help_text="policy tiers, payment plan and rules as they were when sold")
    quote = models.JSONField(default=dict, help_text="the request that was priced")
    special_requests = models.TextField(blank=True, max_length=1000)
    instructions = models.JSONField(
        default=list, blank=True, help_text="what kitchen and housekeeping should do; never why"
    )
    source = models.CharField(max_length=12, default="web")
    placing_key = models.CharField(
        max_length=80, unique=True, null=True, blank=True, help_text="a double click places one booking"
    )
    placed_from = models.CharField(
        max_length=32, blank=True, help_text="keyed digest of the address that placed it, while it is held"
    )
    created_at = models.DateTimeField(default=timezone.now)
    form_due_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    checked_in_at = models.DateTimeField(null=True, blank=True)
    arrival_examined_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reminders = models.JSONField(default=dict, blank=True, help_text="reminder -> when it was promised")

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(check_out__gt=F("check_in")), name="stay_at_least_one_night"),
            models.CheckConstraint(condition=Q(total__gte=0), name="stay_total_not_negative"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="stay_state_known"),
            models.CheckConstraint(
                condition=~Q(state=State.HELD) | Q(hold_expires_at__isnull=False), name="stay_hold_has_a_clock"
            ),
        ]
        indexes = [
            models.Index(fields=["hold_expires_at"], name="stay_holds", condition=Q(state="held")),
            models.Index(fields=["check_in", "state"], name="stay_check_in"),
            models.Index(fields=["check_out", "state"], name="stay_check_out"),
            models.Index(fields=["user", "-check_in"], name="stay_of_user"),
            models.Index(fields=["-created_at", "-id"], name="stay_newest"),
            models.Index(fields=["state", "-created_at"], name="stay_by_state"),
            models.Index(fields=["contact_email"], name="stay_contact"),
            models.Index(  # the retention table: lapsed holds that name somebody
                fields=["created_at"],
                name="stay_lapsed",
                condition=Q(state=State.EXPIRED) & ~Q(contact_email=NO_MAIL),
            ),
            models.Index(OpClass(Lower("contact_email"), name="text_pattern_ops"), name="stay_mail_begins"),
            models.Index(fields=["contact_phone"], name="stay_phone_begins", opclasses=["varchar_pattern_ops"]),
            GinIndex(SearchVector("contact_name", config="simple"), name="stay_name_words"),
        ]
        permissions = [
            ("check_in_stay", "Can check guests in"),
            ("check_out_stay", "Can check guests out"),
            ("assign_room", "Can assign rooms"),
            ("mark_no_show", "Can mark guests who did not arrive"),
            ("cancel_stay", "Can cancel under the policy"),
            ("cancel_for_house", "Can cancel for the house, everything back"),
            ("override_gates", "Can check in past a shut gate, with a reason"),
        ]

    def __str__(self) -> str:
        return self.reference

    @builtins.property
    def nights(self) -> Nights:
        return Nights(self.check_in, self.check_out)

    @builtins.property
    def subject(self) -> str:
        """The key of this booking in audit, folio and messages."""
        return f"booking:{self.reference}"

    @builtins.property
    def holds_stock(self) -> bool:
        return self.state in HOLDS_STOCK


@tracked
class BookedRoom(models.Model):
    """One room of the booking."""

    booking = models.ForeignKey(StayBooking, on_delete=models.PROTECT, related_name="rooms")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="holder of the assignment")
    room_type = models.ForeignKey(RoomType, on_delete=models.PROTECT)
    adults = models.PositiveSmallIntegerField()
    children_ages = models.JSONField(default=list, blank=True)
    caregiver = models.CharField(max_length=8, blank=True, choices=[("sharing", "Sharing"), ("own_room", "Own room")])
    price = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal("0"))
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["booking", "position"]

    def __str__(self) -> str:
        return f"{self.booking} {self.room_type}"


@tracked
class Guest(models.Model):
    """A person who stays. Participating adults each fill in a form of their own."""

    class Kind(models.TextChoices):
        ADULT = "adult", "Adult"
        CHILD = "child", "Child"
        CAREGIVER = "caregiver", "Caregiver"

    booking = models.ForeignKey(StayBooking, on_delete=models.PROTECT, related_name="guests")
    room = models.ForeignKey(BookedRoom, on_delete=models.PROTECT, related_name="guests")
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=9, choices=Kind.choices, default=Kind.ADULT)
    age = models.PositiveSmallIntegerField(null=True, blank=True)
    participates = models.BooleanField(default=True, help_text="takes part in the program")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["booking", "position"]

    def __str__(self) -> str:
        return self.name
