"""Who is told, what happened, and each telling. Gates: `subscriptions`, `events`, `deliveries` beside this file."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import localize

from core.tracked import tracked
from core.work import WorkRow, WorkState


@tracked(blind=("secret", "previous_secret"), quiet=("failed_in_a_row", "failing_since", "rests_until", "answered_at"))
class WebhookSubscription(models.Model):
    """One receiver. Its secret is sealed (`core.crypto`), bound to this row, and shown once."""

    class State(models.TextChoices):
        ACTIVE = "active", "On"
        PAUSED = "paused", "Paused"
        OFF = "off", "Off"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80, unique=True)
    url = models.CharField("address", max_length=500)
    events = models.JSONField(default=list, help_text="event types, or `booking.*` for all of a kind")
    personal = models.BooleanField("names and contacts", default=True, help_text="name, e-mail and phone are sent")
    state = models.CharField(max_length=6, choices=State.choices, default=State.ACTIVE)
    note = models.CharField(max_length=200, blank=True, help_text="why it is off")
    secret = models.TextField(help_text="sealed")
    previous_secret = models.TextField(blank=True, help_text="sealed; signs too while a new one is taken up")
    previous_until = models.DateTimeField(null=True, blank=True)
    failed_in_a_row = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    rests_until = models.DateTimeField(null=True, blank=True, help_text="left in peace after several failures")
    answered_at = models.DateTimeField("last good answer", null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.CharField(max_length=160, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = "webhook"
        permissions = [("read_webhook_bodies", "Can read what webhooks carried, names and contacts included")]

    def __str__(self) -> str:
        return self.name

    def wants(self, event_type: str) -> bool:
        """True when this receiver asked for `event_type`, by name or by `kind.*`."""
        return event_type in self.events or f"{event_type.partition('.')[0]}.*" in self.events


class WebhookEvent(models.Model):
    """What happened, frozen when it happened; the same for every receiver, whatever becomes of the booking later."""

    public_id = models.CharField(max_length=40, unique=True)
    key = models.CharField(max_length=120, unique=True, help_text="one event per cause, whoever tells twice")
    type = models.CharField(max_length=60)
    subject = models.CharField(max_length=60, help_text="kind:reference")
    sequence = models.PositiveIntegerField(help_text="1, 2, 3 ... within the subject")
    data: Any = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["subject", "sequence"], name="webhook_event_in_line")]

    def __str__(self) -> str:
        return f"{self.type} {self.public_id}"


class WebhookDelivery(WorkRow):
    """The promise to tell one receiver of one event."""

    event = models.ForeignKey(WebhookEvent, on_delete=models.PROTECT, related_name="deliveries")
    subscription = models.ForeignKey(WebhookSubscription, on_delete=models.PROTECT, related_name="deliveries")
    give_up_at = models.DateTimeField()
    replays = models.PositiveSmallIntegerField(default=0)
    status = models.PositiveSmallIntegerField(null=True, blank=True, help_text="of the last answer")
    milliseconds = models.PositiveIntegerField(null=True, blank=True, help_text="the last try took")

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "webhook deliveries"
        indexes = [
            WorkRow.due_index("webhook_due"),
            WorkRow.dead_index("webhook_dead"),
            models.Index(fields=["created_at"], name="webhook_delivery_age"),
        ]

    def __str__(self) -> str:
        return f"{self.event.type} to {self.subscription}"

    @property
    def taken(self) -> bool:
        """The receiver has said 2xx. (A test that failed is over, but was not taken.)"""
        return self.work_state == WorkState.DONE and self.status is not None and 200 <= self.status < 300


class WebhookAttempt(models.Model):
    """One try, as it went. `answer` is the beginning of what came back: foreign text, never trusted."""

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField(default=timezone.now)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    milliseconds = models.PositiveIntegerField()
    error = models.CharField(max_length=200, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{localize(timezone.localtime(self.at))} {self.status or self.error}"

    @property
    def taken(self) -> bool:
        """The receiver has said 2xx."""
        return self.status is not None and 200 <= self.status < 300
