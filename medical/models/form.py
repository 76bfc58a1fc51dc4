"""The guest's form. Gate: `medical.domain.forms`. Answers leave this app through `medical.domain.reading` only."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from bookings.models import Guest, StayBooking
from core.tracked import tracked
from medical.models.questionnaire import Questionnaire
from medical.sealed import SealedField


class MedicalForm(models.Model):
    """Answers of one guest to one version of a questionnaire, and where their review stands."""

    class State(models.TextChoices):
        DRAFT = "draft", "To be filled in"
        SUBMITTED = "submitted", "With the doctor"
        ASKED = "asked", "Question to the guest"
        CLEARED = "cleared", "Cleared"
        NOT_SUITABLE = "not_suitable", "Not suitable"
        CLOSED = "closed", "Closed with the booking"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    booking = models.ForeignKey(StayBooking, on_delete=models.PROTECT, related_name="medical_forms")
    guest = models.OneToOneField(Guest, on_delete=models.PROTECT, related_name="medical_form")
    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    answers = SealedField(blank=True, help_text="sealed FHIR QuestionnaireResponse items")
    flags = SealedField(blank=True, help_text="sealed list of red flags, computed at submission")
    flag_weight = models.PositiveSmallIntegerField(default=0, help_text="sorts the queue; says nothing by itself")
    completion = models.PositiveSmallIntegerField(default=0, help_text="percent of required questions answered")
    revision = models.PositiveIntegerField(default=0, help_text="optimistic lock of drafts; counts saves")
    created_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    doctor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="assigned_forms"
    )
    assigned_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True, help_text="decision due; empty while the clock stands")
    clock_left = models.DurationField(null=True, blank=True, help_text="what was left when the clock stopped")
    decided_at = models.DateTimeField(null=True, blank=True)
    consent_withdrawn_at = models.DateTimeField(
        null=True, blank=True, help_text="no doctor opens it from then on; empty again when the guest agrees anew"
    )

    class Meta:
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(fields=["doctor", "state", "due_at"], name="form_queue"),
            models.Index(fields=["state", "due_at"], name="form_by_state"),
            models.Index(  # the retention table: old ones with words
                fields=["created_at"], name="form_with_words", condition=~models.Q(answers="", flags="")
            ),
        ]
        permissions = [
            ("review_medicalform", "Can review the forms assigned to them"),
            ("lead_medicalform", "Can see all reviews and assign them"),
        ]

    def __str__(self) -> str:
        return f"Form {str(self.public_id)[:8]} of {self.booking.reference}"

    @property
    def subject(self) -> str:
        return f"form:{self.public_id}"


@tracked(exclude=("text", "ip", "user_agent"))
class Consent(models.Model):
    """What was agreed to: text version, purposes, time, place. Kept as proof; a withdrawal deletes nothing."""

    form = models.ForeignKey(MedicalForm, on_delete=models.PROTECT, related_name="consents")
    text = models.TextField()
    text_version = models.CharField(max_length=40)
    purposes = models.JSONField(default=list)
    given_at = models.DateTimeField(default=timezone.now)
    ip = models.GenericIPAddressField(null=True, blank=True)
    user_agent = models.CharField(max_length=300, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-given_at"]

    def __str__(self) -> str:
        return f"{self.form} {self.given_at:%Y-%m-%d}"
