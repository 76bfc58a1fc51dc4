"""News that rooms sends up, after commit."""

from django.dispatch import Signal

inventory_changed = Signal()  # room_type_ids, nights
