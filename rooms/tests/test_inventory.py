"""Stock: taken whole or not at all; the database cannot store the bad state."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from core.errors import Conflict, Invalid
from core.nights import Nights
from rooms.domain import inventory
from rooms.domain.inventory import SoldOut, Wanted
from rooms.models import InventoryNight
from rooms.queries import nearest_free, stock
from rooms.tests.factories import stocked

D = date(2027, 5, 1)
pytestmark = pytest.mark.django_db


def nights(start: int, length: int) -> Nights:
    return Nights(D + timedelta(start), D + timedelta(start + length))


def sold(room_type) -> list[int]:
    return list(InventoryNight.objects.filter(room_type=room_type).order_by("night").values_list("sold", flat=True))


def test_takes_each_night_but_not_the_day_of_departure():
    """B4."""
    kind = stocked(1, first=D, nights=8)
    inventory.take([Wanted(kind.pk)], nights(0, 3))
    inventory.take([Wanted(kind.pk)], nights(3, 3))
    assert sold(kind) == [1, 1, 1, 1, 1, 1, 0, 0]


def test_one_missing_night_takes_nothing():
    kind = stocked(1, first=D, nights=10)
    inventory.take([Wanted(kind.pk)], nights(5, 1))
    with pytest.raises(SoldOut) as refusal:
        inventory.take([Wanted(kind.pk)], nights(3, 5))
    assert refusal.value.missing == [(kind.pk, D + timedelta(5))]
    assert sum(sold(kind)) == 1


def test_two_types_are_taken_together_or_not():
    first, second = stocked(1, first=D), stocked(1, first=D)
    inventory.take([Wanted(second.pk)], nights(2, 1))
    with pytest.raises(SoldOut):
        inventory.take([Wanted(first.pk), Wanted(second.pk)], nights(0, 5))
    assert sum(sold(first)) == 0


def test_what_is_released_can_be_taken_again():
    kind = stocked(2, first=D)
    inventory.take([Wanted(kind.pk, 2)], nights(0, 4))
    inventory.release([Wanted(kind.pk)], nights(0, 4))
    inventory.take([Wanted(kind.pk)], nights(0, 4))
    with pytest.raises(SoldOut):
        inventory.take([Wanted(kind.pk)], nights(0, 1))


@pytest.mark.parametrize(
    ("change", "where", "code"),
    [
        ({"closed": True}, 1, "sold_out"),
        ({"closed_to_arrival": True}, 0, "closed_to_arrival"),
        ({"closed_to_departure": True}, 3, "closed_to_departure"),
        ({"min_stay": 4}, 0, "min_stay"),
        ({"max_stay": 2}, 0, "max_stay"),
        ({"pms_limit": 0}, 2, "sold_out"),
        ({"blocked": 1}, 2, "sold_out"),
    ],
)
def test_restrictions_of_a_night(change, where, code):
    """The same reason stands in the offer and in the refusal."""
    kind = stocked(1, first=D)
    InventoryNight.objects.filter(room_type=kind, night=D + timedelta(where)).update(**change)
    with pytest.raises(Conflict) as refusal:
        inventory.take([Wanted(kind.pk)], nights(0, 3))
    assert refusal.value.code == code and sum(sold(kind)) == 0
    (offer,) = stock(kind.property, nights(0, 3))
    assert offer.available == 0 and offer.reason == ("closed" if change == {"closed": True} else code)


def test_nights_without_rows_are_beyond_the_horizon():
    kind = stocked(1, first=D, nights=5)
    with pytest.raises(Invalid) as refusal:
        inventory.take([Wanted(kind.pk)], nights(3, 5))
    assert refusal.value.code == "beyond_horizon" and sum(sold(kind)) == 0


@pytest.mark.parametrize(
    "bad", [{"sold": -1}, {"sold": 3}, {"blocked": -1}, {"sold": 2, "blocked": 1}, {"sold": 2, "pms_limit": 1}]
)
def test_the_database_refuses_the_bad_state(bad):
    """V2, B5: raw writes too."""
    kind = stocked(2, first=D, nights=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        InventoryNight.objects.filter(room_type=kind).update(**bad)


def test_the_answer_is_one_query_however_many_types(django_assert_num_queries):
    for _ in range(3):
        stocked(2, first=D)
    retreat = inventory.Property.objects.get()
    with django_assert_num_queries(1):
        offers = stock(retreat, nights(0, 7))
    assert [offer.available for offer in offers] == [2, 2, 2]


def test_nearest_free_dates_are_really_free():
    kind = stocked(1, first=D, nights=60)
    inventory.take([Wanted(kind.pk)], nights(10, 8))
    found = nearest_free(kind, nights(13, 3), earliest=D)
    assert [(stay.check_in - D).days for stay in found] == [7, 18, 19]
    for stay in found:
        with transaction.atomic():
            inventory.take([Wanted(kind.pk)], stay)
            transaction.set_rollback(True)


def test_the_horizon_grows_and_is_harmless_twice():
    kind = stocked(3, first=D, nights=2)
    assert inventory.extend_horizon(kind.property, today=D, nights=10) == 8
    assert inventory.extend_horizon(kind.property, today=D, nights=10) == 0
    assert InventoryNight.objects.filter(room_type=kind, capacity=3).count() == 10


def test_locks_are_taken_in_order_of_type_and_night():
    """B3: whoever asks for two types locks them in the same order."""
    first, second = stocked(1, first=D), stocked(1, first=D)
    with transaction.atomic():
        rows = inventory._lock(inventory._by_type([Wanted(second.pk), Wanted(first.pk)]), nights(0, 3))
    assert [(row.room_type_id, row.night) for row in rows] == sorted((r.room_type_id, r.night) for r in rows)
    assert connection.vendor == "postgresql"
