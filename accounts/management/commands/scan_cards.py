"""`manage.py scan_cards`: is there a card number in any free text? Ends with 1 when there is."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.domain.privacy import card_scan


class Command(BaseCommand):
    help = "Look through all free text for card numbers. The numbers themselves are not printed."

    def handle(self, *args: Any, **options: Any) -> None:
        hits = card_scan.scan()
        for hit in hits:
            self.stdout.write(f"{hit.model}.{hit.field} of row {hit.pk}")
        if hits:
            raise CommandError(f"{len(hits)} card numbers found.")
        self.stdout.write("No card number in any free text.")
