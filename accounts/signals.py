"""News of accounts, sent after commit."""

from django.dispatch import Signal

password_reset_asked = Signal()  # user_id, link (absolute, works once), minutes (how long it works)
