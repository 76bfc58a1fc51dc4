"""Boring factories of rooms."""

from datetime import date, timedelta

import factory

from rooms.models import InventoryNight, Property, Room, RoomType


class PropertyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Property
        django_get_or_create = ("slug",)

    slug = "pema"
    name = "Pema Wellness"


class RoomTypeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RoomType

    property = factory.SubFactory(PropertyFactory)
    slug = factory.Sequence(lambda n: f"type-{n}")
    name = factory.LazyAttribute(lambda o: o.slug.title())
    category = "room"


class RoomFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Room

    room_type = factory.SubFactory(RoomTypeFactory)
    number = factory.Sequence(lambda n: str(200 + n))


def stocked(capacity: int, *, first: date, nights: int = 60) -> RoomType:
    """A room type with `capacity` rooms and inventory rows."""
    made = RoomTypeFactory()
    RoomFactory.create_batch(capacity, room_type=made)
    InventoryNight.objects.bulk_create(
        InventoryNight(room_type=made, night=first + timedelta(n), capacity=capacity) for n in range(nights)
    )
    return made
