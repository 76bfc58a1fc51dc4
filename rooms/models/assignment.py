"""Which stay sleeps in which room. Gate: `rooms.domain.assignments`."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from core.tracked import tracked
from rooms.models.property import Room


class NightRange(Func):
    """`daterange(check_in, check_out, '[)')`"""

    function = "daterange"
    output_field = DateRangeField()


@tracked
class Assignment(models.Model):
    """A room promised to the holder of `holder` (a booked room's key, opaque here) for `[check_in, check_out)`.

    The exclusion constraint makes two active assignments of one room on one night impossible.
    """

    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="assignments")
    check_in = models.DateField()
    check_out = models.DateField()
    holder = models.CharField(max_length=40, db_index=True)
    label = models.CharField(max_length=120, blank=True)
    pinned = models.BooleanField(default=False, help_text="never moved by the optimiser")
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["check_in"]
        constraints = [
            models.CheckConstraint(condition=Q(check_out__gt=F("check_in")), name="assignment_at_least_one_night"),
            models.UniqueConstraint(fields=["holder"], condition=Q(active=True), name="assignment_one_per_holder"),
            ExclusionConstraint(
                name="assignment_no_overlap",
                expressions=[
                    ("room", RangeOperators.EQUAL),
                    (NightRange(F("check_in"), F("check_out"), Value("[)")), RangeOperators.OVERLAPS),
                ],
                condition=Q(active=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room} {self.check_in}"
