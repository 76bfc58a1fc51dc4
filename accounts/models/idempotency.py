"""Keys of callers. Gate: `accounts.domain.idempotency`."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class IdempotencyKey(models.Model):
    """A caller's key for one effect; the stored answer is replayed. Gate: `accounts.api.idempotency`."""

    scope = models.CharField(max_length=80, help_text="who calls")
    key = models.CharField(max_length=128)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of method, path and body")
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    body = models.TextField(blank=True, help_text="the answer, sealed: it may hold a key")
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    lease_until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="idempotency_once")]

    def __str__(self) -> str:
        return self.key
