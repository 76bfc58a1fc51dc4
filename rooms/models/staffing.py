"""Who works for which property. Gate: the admin page of a person; `rooms.domain.staffing` for everybody else."""

from django.conf import settings
from django.db import models

from core.tracked import tracked
from rooms.models.property import Property


@tracked
class PropertyStaff(models.Model):
    """A member of staff works for a property. Without a row she sees nothing of any."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="works_for")
    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="staff")

    class Meta:
        verbose_name = "workplace"
        constraints = [models.UniqueConstraint(fields=["user", "property"], name="staff_once_per_property")]

    def __str__(self) -> str:
        return f"{self.user} at {self.property}"
