"""News that payments sends up, after commit."""

from django.dispatch import Signal

payment_captured = Signal()  # payment_id
payment_failed = Signal()  # payment_id
refund_settled = Signal()  # refund_id
refund_failed = Signal()  # refund_id
