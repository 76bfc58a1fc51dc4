"""Somebody at the door. Gate: `accounts.domain.knocks`."""

from __future__ import annotations

from django.db import models

from accounts.models.codes import Challenge
from core.work import WorkRow


class Knock(WorkRow):
    """A stranger asked for a code or a link. A worker looks whether there is such a person or stay, so that neither the
    answer nor its time tells. What was asked for is emptied when it is done. Gate: `accounts.domain.knocks`.
    """

    class Wish(models.TextChoices):
        CODE = "code", "A code to sign in"
        PASSWORD = "password", "A new password"
        KNOWN = "known", "An account that exists already"
        VERIFY = "verify", "A code for a new account"
        STAY = "stay", "A code to open a stay"

    wish = models.CharField(max_length=10, choices=Wish.choices)
    target = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=8, default="en")
    challenge = models.ForeignKey(Challenge, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [WorkRow.due_index("knock_due"), WorkRow.dead_index("knock_dead")]

    def __str__(self) -> str:
        return f"{self.wish} #{self.pk}"
