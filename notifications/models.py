"""Messages promised and delivered. Gate: `notifications.domain.messages`."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from core.personal_data import NO_MAIL
from core.tracked import tracked
from core.work import WorkRow, WorkState


class Message(WorkRow):
    """A promised message; its context is frozen, holds ready-made words, and never a medical one.

    What opens a door (a signed link, a one-time code) is not in `context` but in `sealed`, and goes when the message
    has gone. A message that is past `expires_at`, or has nobody to go to any more, is dropped with a word.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", "E-mail"
        SMS = "sms", "SMS"
        WHATSAPP = "whatsapp", "WhatsApp"
        PUSH = "push", "App"

    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.EMAIL)
    template = models.CharField(max_length=60)
    subject_of = models.CharField(max_length=60, db_index=True, help_text="kind:reference")
    recipient = models.CharField(max_length=254, help_text="an address, a number, or the id of a device")
    recipient_name = models.CharField(max_length=160, blank=True)
    language = models.CharField(max_length=8, default="en")
    context = models.JSONField(default=dict)
    attachments = models.JSONField(default=list, blank=True, help_text="[{name, type, text}]")
    sealed = models.TextField(blank=True, help_text="what opens a door, encrypted")
    expires_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    dropped = models.CharField(max_length=60, blank=True, help_text="why it was not sent")
    provider_id = models.CharField(max_length=200, blank=True, help_text="what the carrier calls it")

    class Meta:
        ordering = ["-id"]
        indexes = [
            WorkRow.due_index("message_due"),
            WorkRow.dead_index("message_dead"),
            models.Index(  # notifications.privacy.sweep_codes looks for them every few seconds
                fields=["expires_at"],
                name="message_code_named",
                condition=models.Q(template="sign_in_code") & ~models.Q(recipient=NO_MAIL),
            ),
            models.Index(Lower("recipient"), name="message_to"),
            models.Index(  # the retention table: old ones with words
                fields=["created_at"],
                name="message_with_words",
                condition=~models.Q(work_state=WorkState.PENDING) & ~models.Q(recipient=NO_MAIL),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.words} to {self.recipient}"

    @property
    def words(self) -> str:
        """What the message is, for people: `payment_received` -> `Payment received`."""
        return self.template.replace("_", " ").capitalize()


class MailboxItem(models.Model):
    """Demo and development only: what the mailbox was given instead of a carrier, for the mailbox page."""

    channel = models.CharField(max_length=8, choices=Message.Channel.choices, default=Message.Channel.EMAIL)
    at = models.DateTimeField(default=timezone.now)
    sender = models.CharField(max_length=254)
    recipients = models.TextField()
    subject = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    file = models.CharField(max_length=300, blank=True)
    attachments = models.JSONField(default=list, blank=True, help_text="[{name, type, bytes}]")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["at"], name="mailbox_oldest")]

    def __str__(self) -> str:
        return self.subject


@tracked
class StaffTask(models.Model):
    """Something a person has to look at. Gate: `notifications.domain.tasks`."""

    class Desk(models.TextChoices):
        FINANCE = "finance", "Finance"
        FRONT_DESK = "front_desk", "Front desk"
        RESERVATIONS = "reservations", "Reservations"
        MEDICAL = "medical", "Medical"
        MANAGEMENT = "management", "Management"

    key = models.CharField(max_length=120, unique=True)
    desk = models.CharField(max_length=14, choices=Desk.choices)
    title = models.CharField(max_length=200)
    subject = models.CharField(max_length=60, blank=True, help_text="kind:reference")
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT)

    class Meta:
        ordering = ["done_at", "-created_at"]
        indexes = [models.Index(fields=["done_at"], name="task_done")]

    def __str__(self) -> str:
        return self.title


from notifications.webhooks.models import (  # noqa: E402, F401 - the models of a room of their own
    WebhookAttempt,
    WebhookDelivery,
    WebhookEvent,
    WebhookSubscription,
)
