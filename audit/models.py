"""What happened and who looked. Both tables only grow: the database refuses UPDATE and DELETE."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class History(models.Model):
    """One change of state: who, when, from, to, why. Never holds medical words.

    Written by `audit.record.changed` only.
    """

    subject = models.CharField(max_length=60, help_text="kind:reference, such as booking:PW-7K3M9QX2BD")
    at = models.DateTimeField(default=timezone.now)
    actor_kind = models.CharField(max_length=12)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT)
    actor_name = models.CharField(max_length=160, blank=True)
    event = models.CharField(max_length=60)
    from_state = models.CharField(max_length=30, blank=True)
    to_state = models.CharField(max_length=30, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    data = models.JSONField(default=dict, blank=True)
    request_id = models.CharField(max_length=40, blank=True)
    written_in = models.CharField(
        max_length=60,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="of a redaction: its transaction, filled by the database",
    )

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "history"
        indexes = [
            models.Index(fields=["subject", "id"], name="history_subject"),
            models.Index(fields=["actor", "at"], name="history_of_actor"),
            models.Index(fields=["at"], name="history_between"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.event}"


class AccessLog(models.Model):
    """One read of a protected record: who, whom, which fields, why. Written by `audit.record.looked` only."""

    at = models.DateTimeField(default=timezone.now)
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reader_role = models.CharField(max_length=30, blank=True)
    subject = models.CharField(max_length=60, db_index=True)
    what = models.CharField(max_length=120)
    purpose = models.CharField(max_length=120)
    request_id = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["reader", "at"], name="access_of_reader"),
            models.Index(fields=["subject", "at"], name="access_to_subject"),
            models.Index(fields=["at"], name="access_between"),
        ]

    def __str__(self) -> str:
        return f"{self.reader} {self.what} {self.subject}"
