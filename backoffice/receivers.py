"""News that only the top of the house can turn into letters, because it knows both people and messages."""

import hashlib

from django.conf import settings
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.signals import notice_promised, password_reset_asked, security_noticed
from backoffice import alarms
from notifications.domain import messages
from rooms.queries import property_of_the_site, signs


@receiver(password_reset_asked)
def on_password_reset(sender, user_id, link, minutes, **kwargs):
    """Promise the letter; a worker renders and sends it. One for each link."""
    person = User.objects.get(pk=user_id)
    messages.promise(
        "password_reset",
        key=f"password_reset:{hashlib.sha256(link.encode()).hexdigest()}",
        subject_of=f"user:{person.pk}",
        recipient=person.email,
        recipient_name=person.get_full_name(),
        context={
            "guest_name": person.get_full_name(),
            "link": link,
            "minutes": minutes,
            "no_password": not person.has_usable_password(),
            "property": signs(),
        },
        at=timezone.now(),
    )


@receiver(notice_promised)
def on_notice(sender, user_id, notice, to, name, language, context, at, once="", **kwargs):
    """What a person is told about her own account, in the transaction of what it tells about."""
    contact = settings.SITE_URL + reverse("content:contact")
    named = f"{notice}:{user_id}:{to}:{once or at.isoformat()}"
    messages.promise(
        "account_notice",
        key=f"notice:{hashlib.sha256(named.encode()).hexdigest()}",
        subject_of=f"user:{user_id}" if user_id else "house:security",
        recipient=to,
        recipient_name=name,
        context={"guest_name": name, "notice": notice, "property": signs(), "contact": contact, **context},
        language=language,
        at=at,
    )


@receiver(security_noticed)
def on_alarm(sender, event, at, alarm, data, user_id=None, **kwargs):
    """Somebody of the house should look: one letter an hour for one kind of thing, however often it happens."""
    home = property_of_the_site()
    if not alarm or home is None or not home.email:
        return
    what = f"{event}:{data['limit']}" if "limit" in data else event
    messages.promise(
        "staff_task",
        key=f"alarm:{what}:{at:%Y%m%d%H}",
        subject_of="house:security",
        recipient=home.email,
        recipient_name=home.name,
        context={
            **alarms.words(event, user_id=user_id, at=at, data=data),
            "desk": home.name,
            "property": signs(),
        },
        at=at,
    )
