"""Staff's door to stays. State and money are shown, never typed; deeds call the same verbs as the guest's door."""

from bookings.admin.reviews import GuestReviewAdmin
from bookings.admin.stays import StayBookingAdmin

__all__ = ["GuestReviewAdmin", "StayBookingAdmin"]
