"""Changes of an e-mail address or a telephone number. Gate: `accounts.domain.contacts`."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from accounts.models.codes import Challenge
from accounts.models.people import User
from core.tracked import tracked


@tracked(exclude=("undo_digest", "challenge"))
class ContactChange(models.Model):
    """Asked for, confirmed at the new place, and for 24 hours undone from the old one. Gate: `domain.contacts`."""

    class Kind(models.TextChoices):
        EMAIL = "email", "E-mail"
        PHONE = "phone", "Telephone"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="contact_changes")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    old = models.CharField(max_length=254, blank=True)
    old_verified_at = models.DateTimeField(null=True, blank=True)
    new = models.CharField(max_length=254)
    challenge = models.OneToOneField(Challenge, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    undo_digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the key in the link")
    undo_until = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"
