"""One-time codes. Gate: `accounts.domain.codes`."""

from __future__ import annotations

import uuid

from django.db import models

from accounts.models.people import User


class SignInCode(models.Model):
    """A one-time code sent by e-mail. At most 5 tries, 5 minutes. Gate: `accounts.domain.codes`."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE)
    digest = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.public_id)
