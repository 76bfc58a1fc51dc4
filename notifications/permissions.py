"""Who may look at messages and finish tasks."""

from __future__ import annotations

from typing import Any


def may_finish_tasks(user: Any) -> bool:
    return bool(user.has_perm("notifications.change_stafftask"))
