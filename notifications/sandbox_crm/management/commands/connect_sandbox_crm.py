"""Add a webhook to the sandbox CRM and give it the secret, so that a demonstration shows events at once."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from core.actors import SYSTEM
from notifications.sandbox_crm import intake
from notifications.webhooks import subscriptions
from notifications.webhooks.catalogue import Catalogue
from notifications.webhooks.models import WebhookSubscription

NAME = "Sandbox CRM"


class Command(BaseCommand):
    help = "Connect the sandbox CRM (/sandbox/crm) to all events; does nothing when it is connected."

    def handle(self, *args: Any, **options: Any) -> None:
        if WebhookSubscription.objects.filter(name=NAME).exists():
            self.stdout.write("The sandbox CRM is connected already.")
            return
        _, secret = subscriptions.add(
            NAME,
            url=f"{settings.SITE_URL}/sandbox/crm",
            events=[f"{kind}.*" for kind in Catalogue.kinds()],
            personal=True,
            by=SYSTEM,
            at=timezone.now(),
        )
        intake.trust(secret)
        self.stdout.write("The sandbox CRM is connected: see /sandbox/crm/desk.")
