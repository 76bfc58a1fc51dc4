"""News that bookings sends up, after commit."""

from django.dispatch import Signal

clearance_needed = Signal()  # booking_id: the first instalment is paid and the stay needs a doctor's look
stay_ended = Signal()  # booking_id: cancelled, expired, not suitable, no-show or completed
