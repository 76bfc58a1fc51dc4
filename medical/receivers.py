"""News from bookings, each received by one line. A lost one is found by the sweep of `medical.tasks`."""

from django.dispatch import receiver
from django.utils import timezone

from bookings.models import StayBooking
from bookings.signals import clearance_needed, stay_ended
from medical.domain import forms


@receiver(clearance_needed)
def on_clearance_needed(sender, booking_id, **kwargs):
    forms.open_forms(StayBooking.objects.get(pk=booking_id), at=timezone.now())


@receiver(stay_ended)
def on_stay_ended(sender, booking_id, **kwargs):
    forms.close_forms(booking_id, at=timezone.now())
