"""Property, room types, rooms, inventory nights, blocks, assignments. Has never heard of a booking."""

from django.apps import AppConfig


class RoomsConfig(AppConfig):
    name = "rooms"
    verbose_name = "Rooms"

    def ready(self) -> None:
        from core.reach import Reaches
        from rooms.models import Property, RoomType
        from rooms.permissions import ask

        Reaches.ask = staticmethod(ask)
        Reaches.subject("property", Property.objects.all, key="slug", path="pk")
        Reaches.subject("roomtype", RoomType.objects.all, key="slug", path="property")
