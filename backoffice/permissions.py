"""Who may open the pages of the back office that belong to no single model, and who gives roles away."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from accounts.roles import MEDICAL_LEAD
from rooms.permissions import sees_whole_house

TODAY = "backoffice.view_today"
OPERATIONS = "backoffice.view_operations"
MAILBOX = "backoffice.view_mailbox"
CHANGES = "audit.view_history"
ROLES_SEEN = "auth.view_group"
PRIVACY_DESK = "accounts.privacy_desk"
BREACH_PACK = "accounts.breach_pack"


def holds(user: Any, permission: str) -> bool:
    """A member of staff with this permission, through her role."""
    return bool(user.is_authenticated and user.is_staff and user.has_perm(permission))


def sees_today(user: Any) -> bool:
    return holds(user, TODAY)


def sees_operations(user: Any) -> bool:
    """Promises of the whole house stand there side by side, so it takes everybody's property."""
    return holds(user, OPERATIONS) and sees_whole_house(user)


def sees_changes(user: Any) -> bool:
    """The list shows only what the pages of the same person show (`backoffice.views.changes`)."""
    return holds(user, CHANGES)


def sees_mailbox(user: Any) -> bool:
    """The sandbox' mailbox holds what was sent for every property."""
    return holds(user, MAILBOX) and sees_whole_house(user)


def sees_roles(user: Any) -> bool:
    return holds(user, ROLES_SEEN)


def works_at_privacy_desk(user: Any) -> bool:
    """Wishes of guests name no property, so it takes the whole house."""
    return holds(user, PRIVACY_DESK) and sees_whole_house(user)


def makes_breach_packs(user: Any) -> bool:
    """Who saw what, over the whole house: the administrator and the medical lead."""
    return holds(user, BREACH_PACK) and sees_whole_house(user)


def may_give_medical_roles(person: User) -> bool:
    """Who decides who reads the answers of guests: a medical lead, or a superuser."""
    return bool(person.is_superuser or person.groups.filter(name=MEDICAL_LEAD).exists())
