"""Sign-ins in a browser. Gate: `accounts.domain.sessions`."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from accounts.models.people import User


class WebSession(models.Model):
    """A signed-in browser, so that its owner can see and end it. Gate: `accounts.domain.sessions`."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="web_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    epoch = models.PositiveIntegerField()
    device = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["user", "seen_at"], name="web_session_of_user")]

    def __str__(self) -> str:
        return str(self.public_id)
