"""Giving people their workplace."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import User
from rooms.models import Property, PropertyStaff


def work_for(user: User, *properties: Property) -> None:
    """`user` works for these properties too; being told twice changes nothing."""
    PropertyStaff.objects.bulk_create(
        [PropertyStaff(user=user, property=one) for one in properties], ignore_conflicts=True
    )


def works_only_for(user: User, properties: Iterable[Property]) -> None:
    """`user` works for exactly these properties from now on; with none, she sees nothing of any."""
    wanted = list(properties)
    PropertyStaff.objects.filter(user=user).exclude(property__in=wanted).delete()
    work_for(user, *wanted)
