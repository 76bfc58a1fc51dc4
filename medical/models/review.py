"""Doctors, questions and decisions. Gate: `medical.domain.review`, `medical.domain.arrival`."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from bookings.models import StayBooking
from core.tracked import tracked
from medical.models.form import MedicalForm
from medical.sealed import SealedField


@tracked
class DoctorProfile(models.Model):
    """What a doctor reviews, and whether they are here."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="doctor_profile")
    specialties = models.JSONField(default=list, blank=True)
    registration_number = models.CharField(max_length=40, blank=True)
    on_leave = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.user)


class Decision(models.Model):
    """A doctor's verdict. Never edited, only followed by a new one; the database refuses changes."""

    class Outcome(models.TextChoices):
        APPROVE = "approve", "Approve"
        APPROVE_WITH_CONDITIONS = "approve_with_conditions", "Approve with conditions"
        NOT_SUITABLE = "not_suitable", "Not suitable"
        REFER = "refer", "Refer to a colleague"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    form = models.ForeignKey(MedicalForm, on_delete=models.PROTECT, related_name="decisions")
    doctor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=24, choices=Outcome.choices)
    guest_words = models.CharField(max_length=500, blank=True, help_text="what the guest reads; no medical words")
    conditions = models.JSONField(default=list, blank=True, help_text="instructions without diagnosis")
    note = SealedField(blank=True, help_text="sealed clinical note")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.form} {self.outcome}"


class Clarification(models.Model):
    """A question to the guest and the answer, both sealed."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    form = models.ForeignKey(MedicalForm, on_delete=models.PROTECT, related_name="clarifications")
    doctor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    question = SealedField()
    answer = SealedField(blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.form} {self.asked_at:%Y-%m-%d}"


class ArrivalExamination(models.Model):
    """What the doctor decided at the door."""

    class Outcome(models.TextChoices):
        ADMIT = "admit", "Admit"
        CHANGE_PROGRAM = "change_program", "Admit to another program"
        DENY = "deny", "Deny"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    booking = models.OneToOneField(StayBooking, on_delete=models.PROTECT, related_name="arrival_examination")
    doctor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    note = SealedField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.booking} {self.outcome}"
