"""One-time codes. Gate: `accounts.domain.codes`."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from accounts.models.people import User


class Challenge(models.Model):
    """A question that only one person can answer: a code sent to her, or one of her second factor.

    Bound to one purpose. Counted by the database: at most `MOST_TRIES` answers are looked at, however many come at
    once. A challenge without `user` looks like any other, and no code opens it. Gate: `accounts.domain.codes`.
    """

    class Purpose(models.TextChoices):
        SIGN_IN = "sign_in", "Sign in"
        CONFIRM = "confirm", "Prove who you are"
        EMAIL = "email", "Own an e-mail address"
        PHONE = "phone", "Own a telephone number"
        SECOND_FACTOR = "second_factor", "Second factor"
        STAY = "stay", "Open a stay"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    channel = models.CharField(max_length=8, help_text="email, sms, or app for the second factor")
    target = models.CharField(max_length=254, blank=True, help_text="where the code goes: an address or +E.164")
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, blank=True, help_text="HMAC of the code; empty: none opens it")
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(tries__lte=5), name="challenge_five_tries")]

    def __str__(self) -> str:
        return str(self.public_id)
