"""Devices that take push messages. Gate: `accounts.domain.devices`."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from accounts.models.people import User
from core.tracked import tracked


@tracked(exclude=("token", "digest"), quiet=("seen_at",))
class Device(models.Model):
    """One app on one device. The push token follows whoever signed in there last; messages name the row alone."""

    class Platform(models.TextChoices):
        ANDROID = "android", "Android"
        IOS = "ios", "iOS"
        WEB = "web", "Web"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="devices")
    token = models.TextField(max_length=4096, help_text="as the push service gave it")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token")
    platform = models.CharField(max_length=8, choices=Platform.choices)
    name = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-seen_at", "-id"]

    def __str__(self) -> str:
        return f"{self.get_platform_display()} {self.public_id}"
