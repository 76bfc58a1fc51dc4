"""Addresses of the front door, the search, the booking and the guest's own stays."""

from django.urls import path

from bookings.web import booking, calendar, checkout, home, reviewing, saved, search
from bookings.web.urls_stays import urlpatterns as stays

app_name = "bookings"
urlpatterns = [
    path("", home.home, name="home"),
    path("search", search.search, name="search"),
    path("search/calendar", calendar.nights, name="calendar-data"),
    path("book", booking.dates, name="book"),
    path("book/room", booking.program_and_room, name="book-room"),
    path("book/extras", booking.extras, name="book-extras"),
    path("book/details", checkout.details, name="book-details"),
    path("book/check", checkout.check, name="book-check"),
    path("saved", saved.saved, name="saved"),
    path("saved/<str:kind>/<slug:slug>", saved.heart, name="heart"),
    path("programs/<slug:slug>/reviews", reviewing.of_program, name="program-reviews"),
    path("rooms/<slug:slug>/reviews", reviewing.of_room, name="room-reviews"),
    *stays,
]
