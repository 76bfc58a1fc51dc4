"""The practice CRM forgets with the house."""

from __future__ import annotations

from datetime import datetime

from core.personal_data import Contributor, Person, Registry
from notifications.sandbox_crm.models import Received
from notifications.webhooks.models import WebhookEvent


def erase(person: Person, at: datetime) -> None:
    subjects = [subject for subject in person.subjects if subject not in person.held]
    told = WebhookEvent.objects.filter(subject__in=subjects).values_list("public_id", flat=True)
    Received.objects.filter(event_id__in=list(told)).update(body=None)


Registry.add(
    Contributor(
        name="sandbox CRM",
        erase=erase,
        personal={"sandboxcrm.Received": "body"},
        harmless={"sandboxcrm.Desk": "its own secrets"},
    )
)
