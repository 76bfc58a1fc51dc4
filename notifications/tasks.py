"""Background work of notifications: messages are kept by `core.tasks`; here they register."""

from notifications.domain import messages, offers  # noqa: F401
from notifications.webhooks import deliveries, events  # noqa: F401
