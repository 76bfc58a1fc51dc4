"""Family and friends who come along. Gate: `accounts.domain.companions`."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from accounts.models.people import User
from core.tracked import tracked


@tracked
class Companion(models.Model):
    """Somebody a guest books for again and again. Nothing about health belongs here: the guest form asks for that."""

    class Relation(models.TextChoices):
        PARTNER = "partner", "Partner"
        CHILD = "child", "Child"
        PARENT = "parent", "Parent"
        SIBLING = "sibling", "Sister or brother"
        FRIEND = "friend", "Friend"
        CAREGIVER = "caregiver", "Caregiver"
        OTHER = "other", "Somebody else"

    class Diet(models.TextChoices):
        ANY = "", "As the kitchen cooks"
        VEGAN = "vegan", "Vegan"
        JAIN = "jain", "Jain"
        SATTVIC = "sattvic", "Sattvic, no onion or garlic"
        EGGS = "eggs", "Vegetarian with eggs"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="companions")
    name = models.CharField(max_length=120)
    birth_date = models.DateField(null=True, blank=True)
    relation = models.CharField(max_length=10, choices=Relation.choices)
    diet = models.CharField(max_length=8, choices=Diet.choices, default=Diet.ANY, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name
