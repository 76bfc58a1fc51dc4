"""The privacy desk's own books. Gates: the modules of `accounts.domain.privacy`."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models.people import User
from core.tracked import tracked
from core.work import WorkRow


@tracked(exclude=("text", "ip", "user_agent"))
class ConsentRecord(models.Model):
    """One yes or no to one optional use: which text, when, from where. The newest row of a purpose holds.

    Rows are never changed, so that the proof of what was agreed to stays. Gate: `accounts.domain.privacy.consents`.
    """

    class Door(models.TextChoices):
        WEB = "web", "Web page"
        API = "api", "App"
        REGISTER = "register", "Registration"
        STAFF = "staff", "Asked by staff"
        ERASURE = "erasure", "Ended with the account"

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="consent_records")
    purpose = models.CharField(max_length=30)
    granted = models.BooleanField()
    text = models.TextField(help_text="the very words that were shown")
    text_version = models.CharField(max_length=20)
    at = models.DateTimeField(default=timezone.now)
    ip = models.GenericIPAddressField(null=True, blank=True)
    user_agent = models.CharField(max_length=300, blank=True)
    door = models.CharField(max_length=8, choices=Door.choices)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["user", "purpose", "-id"], name="consent_newest")]

    def __str__(self) -> str:
        return f"{self.purpose} {'yes' if self.granted else 'no'} {self.at:%Y-%m-%d}"


class ExportPack(WorkRow):
    """A person's own data in one file, made by a worker, sealed at rest, gone after a week.

    Gate: `accounts.domain.privacy.export`.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="export_packs")
    sealed = models.TextField(blank=True, editable=False, help_text="the zip file, sealed")
    size = models.PositiveIntegerField(default=0, help_text="bytes of the zip file")
    ready_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            WorkRow.due_index("export_due"),
            WorkRow.dead_index("export_dead"),
            models.Index(fields=["ready_at"], name="export_kept", condition=~Q(sealed="")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(work_state="pending"), name="export_one_running")
        ]

    def __str__(self) -> str:
        return f"Pack {str(self.public_id)[:8]}"


@tracked
class ErasureRequest(WorkRow):
    """A wish to be forgotten; carried out when its notice has run out. Gate: `accounts.domain.privacy.erasure`."""

    class State(models.TextChoices):
        ASKED = "asked", "Notice is running"
        UNDONE = "undone", "Taken back"
        ERASED = "erased", "Erased"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="erasure_requests")
    state = models.CharField(max_length=6, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            WorkRow.due_index("erasure_due"),
            WorkRow.dead_index("erasure_dead"),
            models.Index(fields=["erased_at"], name="erasure_done", condition=Q(state="erased")),
        ]
        constraints = [models.UniqueConstraint(fields=["user"], condition=Q(state="asked"), name="erasure_one_running")]
        permissions = [("privacy_desk", "Can work at the privacy desk"), ("breach_pack", "Can make a breach pack")]

    def __str__(self) -> str:
        return f"Erasure {str(self.public_id)[:8]}"


@tracked(exclude=("sealed",))
class LegalHold(models.Model):
    """Something that stays after an erasure, and until when. What is needed for it is kept here, sealed.

    Gate: `accounts.domain.privacy.erasure`.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    request = models.ForeignKey(ErasureRequest, on_delete=models.PROTECT, related_name="holds")
    code = models.CharField(max_length=30)
    subject = models.CharField(max_length=60, help_text="kind:reference")
    words = models.CharField(max_length=300, help_text="as the guest was told")
    until = models.DateField(null=True, blank=True, help_text="empty: until the matter is closed")
    sealed = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["until", "id"]
        constraints = [models.UniqueConstraint(fields=["request", "code", "subject"], name="hold_once")]
        indexes = [models.Index(fields=["until"], name="hold_open", condition=Q(released_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.code} {self.subject}"


class Tombstone(models.Model):
    """Who was erased, as digests that name nobody: a restored backup is made to forget them again."""

    person = models.UUIDField(unique=True, help_text="the account's public id")
    email_digest = models.CharField(max_length=64, db_index=True)
    erased_at = models.DateTimeField()
    written_at = models.DateTimeField(
        null=True, blank=True, help_text="when its line was on the disk beside the backups"
    )

    class Meta:
        ordering = ["-erased_at"]
        indexes = [models.Index(fields=["id"], name="tombstone_unwritten", condition=Q(written_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.erased_at:%Y-%m-%d} {str(self.person)[:8]}"


@tracked(quiet=("last_run_at", "last_count"))
class RetentionRule(models.Model):
    """How long one kind of data is kept, and why. Staff edit it. Gate: `accounts.domain.privacy.retention`."""

    code = models.SlugField(unique=True, editable=False)
    title = models.CharField(max_length=120)
    days = models.PositiveIntegerField(help_text="days that it is kept")
    basis = models.CharField(max_length=300, help_text="why: a law, a contract, the house's own need")
    active = models.BooleanField(default=True, help_text="off: nothing of this kind is taken away")
    last_run_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_count = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title


@tracked(exclude=("wish", "answer", "reference"))
class CorrectionRequest(models.Model):
    """A guest asks for a correction that she cannot make herself. Gate: `accounts.domain.privacy.corrections`."""

    class State(models.TextChoices):
        OPEN = "open", "Being looked at"
        DONE = "done", "Corrected"
        DECLINED = "declined", "Not possible"

    class About(models.TextChoices):
        INVOICE_NAME = "invoice_name", "Name or address on an invoice"
        STAY = "stay", "Details of a stay that is over"
        BIRTH_DATE = "birth_date", "Date of birth"
        EMAIL = "email", "E-mail address or telephone number"
        OTHER = "other", "Something else"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="correction_requests")
    about = models.CharField(max_length=14, choices=About.choices)
    reference = models.CharField(max_length=20, blank=True, help_text="of the stay or invoice")
    wish = models.TextField(max_length=1000)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    answer = models.TextField(max_length=1000, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["due_at"], name="correction_open", condition=Q(state="open")),
            models.Index(fields=["answered_at"], name="correction_with_words", condition=~Q(wish="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_about_display()} {self.asked_at:%Y-%m-%d}"
