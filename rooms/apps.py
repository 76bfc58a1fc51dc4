"""Property, room types, rooms, inventory nights, blocks, assignments. Has never heard of a booking."""

from django.apps import AppConfig


class RoomsConfig(AppConfig):
    name = "rooms"
    verbose_name = "Rooms"
