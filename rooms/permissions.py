"""Who works where. Somebody else's property is simply not there."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from core.errors import Missing
from core.reach import Reach, reach_of
from rooms.models import Property, PropertyStaff

EVERYWHERE = "rooms.see_every_property"


def ask(user: Any) -> Reach:
    """The reach of a member of staff, in one query for the life of `user`, which is a request.

    `core.reach.reach_of` is how others ask.
    """
    if not hasattr(user, "_reach"):
        user._reach = Reach(True) if user.has_perm(EVERYWHERE) else _looked_up(user)
    found: Reach = user._reach
    return found


def _looked_up(user: Any) -> Reach:
    works = Exists(PropertyStaff.objects.filter(user=user.pk, property=OuterRef("pk")))
    rows = dict(Property.objects.order_by().annotate(works=works).values_list("pk", "works"))
    keys = frozenset(pk for pk, here in rows.items() if here)
    return Reach(bool(keys) and len(keys) == len(rows), keys)


def properties_of(user: Any) -> QuerySet[Property]:
    """The properties that a member of staff works for, oldest first."""
    return reach_of(user).rows(Property.objects.order_by("pk"), "pk")


def home_of(user: Any) -> Property:
    """The property whose day a member of staff sees first. Raises Missing("no_property")."""
    found = properties_of(user).first()
    if found is None:
        raise Missing("no_property", "You do not work for a property yet. An administrator can assign you to one.")
    return found


def sees_whole_house(user: Any) -> bool:
    """Works for every property: pages that cannot be divided by property open to nobody else."""
    return reach_of(user).whole


def may_mark_rooms(user: Any) -> bool:
    """Say that a room is dirty, clean, inspected."""
    return bool(user.has_perm("rooms.change_room"))


def may_describe_rooms(user: Any) -> bool:
    """Floor, bed and the code of the property system."""
    return bool(user.has_perm("rooms.change_roomtype"))


def may_restrict(user: Any) -> bool:
    """Close nights, write shortest and longest stays."""
    return bool(user.has_perm("rooms.change_inventorynight"))
