"""Addresses of the room types; their prices are the business of this app."""

from django.urls import path

from programs.web import rooms

app_name = "rooms"
urlpatterns = [
    path("rooms", rooms.rooms, name="list"),
    path("rooms/<slug:slug>", rooms.room, name="detail"),
]
