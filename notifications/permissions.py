"""Who may look at messages and finish tasks."""

from __future__ import annotations

from typing import Any

from core.reach import reach_of


def may_finish_tasks(user: Any) -> bool:
    return bool(user.has_perm("notifications.change_stafftask"))


def may_change_webhooks(user: Any) -> bool:
    """A receiver hears of every property: it takes everybody's."""
    return bool(user.has_perm("notifications.change_webhooksubscription")) and reach_of(user).whole


def may_add_webhooks(user: Any) -> bool:
    return bool(user.has_perm("notifications.add_webhooksubscription")) and reach_of(user).whole


def may_replay_webhooks(user: Any) -> bool:
    """Send again what concerns one's own properties (the rows are chosen by reach)."""
    return bool(user.has_perm("notifications.change_webhooksubscription"))


def may_see_webhooks(user: Any) -> bool:
    return bool(user.has_perm("notifications.view_webhookdelivery"))


def may_read_webhook_bodies(user: Any) -> bool:
    """Names and contacts stand in them."""
    return bool(user.has_perm("notifications.read_webhook_bodies"))


def may_see_sandbox_crm(user: Any) -> bool:
    """Whoever adds webhooks gives the stand-in their secret; what the events carried it shows to fewer people."""
    return may_add_webhooks(user)
