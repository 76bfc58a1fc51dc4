"""Counters of tries. Gate: `accounts.domain.limits`."""

from __future__ import annotations

from django.db import models


class Attempt(models.Model):
    """A counter of failed tries per purpose and subject (sign-in by e-mail, by address).

    Gate: `accounts.domain.limits`.
    """

    subject = models.CharField(max_length=120, unique=True, help_text="purpose:sha256 of what is limited")
    window_start = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.subject}: {self.count}"
