"""The guest's reservation, and what is said and saved around it."""

from bookings.models.favourite import Favourite
from bookings.models.review import GuestReview
from bookings.models.stay import BookedRoom, Guest, StayBooking

__all__ = ["BookedRoom", "Favourite", "Guest", "GuestReview", "StayBooking"]
