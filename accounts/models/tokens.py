"""Refresh tokens of the app. Gate: `accounts.domain.tokens`."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from accounts.models.people import User


class RefreshToken(models.Model):
    """One link of a token family. Rotated by compare-and-set in `accounts.domain.tokens`."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="refresh_tokens")
    family = models.UUIDField(default=uuid.uuid4, db_index=True)
    digest = models.CharField(
        max_length=64, unique=True, help_text="SHA-256 of the token; the token itself is not kept."
    )
    epoch = models.PositiveIntegerField()
    issued_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    device = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["family"],
                condition=models.Q(used_at__isnull=True, revoked_at__isnull=True),
                name="refresh_one_live_per_family",
            )
        ]

    def __str__(self) -> str:
        return f"{self.family} {self.issued_at:%Y-%m-%d %H:%M}"
