"""Background work of notifications: messages are kept by `core.tasks`; here they register."""

from notifications.domain import messages  # noqa: F401
