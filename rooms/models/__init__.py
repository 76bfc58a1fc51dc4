"""Property, what it has, and what of it is taken."""

from rooms.models.assignment import Assignment
from rooms.models.inventory import Block, InventoryNight
from rooms.models.property import Property, Room, RoomType
from rooms.models.staffing import PropertyStaff

__all__ = ["Assignment", "Block", "InventoryNight", "Property", "PropertyStaff", "Room", "RoomType"]
