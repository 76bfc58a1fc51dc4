"""News that only the top of the house can turn into letters, because it knows both people and messages."""

import hashlib

from django.dispatch import receiver
from django.utils import timezone

from accounts.models import User
from accounts.signals import password_reset_asked
from notifications.domain import messages
from rooms.models import Property


@receiver(password_reset_asked)
def on_password_reset(sender, user_id, link, minutes, **kwargs):
    """Promise the letter; a worker renders and sends it. One for each link."""
    person = User.objects.get(pk=user_id)
    home = Property.objects.order_by("pk").first()
    house = {} if home is None else {"name": home.name, "phone": home.phone, "address": home.address}
    messages.promise(
        "password_reset",
        key=f"password_reset:{hashlib.sha256(link.encode()).hexdigest()}",
        subject_of=f"user:{person.pk}",
        recipient=person.email,
        recipient_name=person.get_full_name(),
        context={"guest_name": person.get_full_name(), "link": link, "minutes": minutes, "property": house},
        at=timezone.now(),
    )
