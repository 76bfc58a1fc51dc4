"""What the stand-in knows. Demonstration and test only."""

import json

from django.db import models
from django.utils import timezone


class Desk(models.Model):
    """One row: the secrets it was given, and how it answers."""

    secrets = models.JSONField(default=list, help_text="the newest first")
    answers = models.PositiveSmallIntegerField(default=200)

    def __str__(self) -> str:
        return f"answers {self.answers}"


class Received(models.Model):
    """One call. Of an unproven one only that it came."""

    at = models.DateTimeField(default=timezone.now)
    event_id = models.CharField(max_length=60, blank=True, db_index=True)
    type = models.CharField(max_length=60, blank=True)
    problem = models.CharField(max_length=60, blank=True, help_text="why it was not believed")
    again = models.BooleanField(default=False, help_text="known by its id already")
    answered = models.PositiveSmallIntegerField(default=200)
    body = models.JSONField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"

    @property
    def pretty(self) -> str:
        """The body for people."""
        return json.dumps(self.body, indent=2, ensure_ascii=False)
