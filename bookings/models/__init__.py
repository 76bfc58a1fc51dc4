"""The guest's reservation."""

from bookings.models.stay import BookedRoom, Guest, StayBooking

__all__ = ["BookedRoom", "Guest", "StayBooking"]
