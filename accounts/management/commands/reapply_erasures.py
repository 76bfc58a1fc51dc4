"""`manage.py reapply_erasures [--file tombstones.jsonl]`: after a restore, forget again who was erased since."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts.domain.privacy import erasure, tombstones


class Command(BaseCommand):
    help = "Erase again everybody whose tombstone is older than what a restored backup holds of her."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--file", help="the list of tombstones; default: PRIVACY_TOMBSTONES, when it is there")

    def handle(self, *args: Any, **options: Any) -> None:
        file = Path(options["file"] or settings.PRIVACY_TOMBSTONES)
        if file.exists():
            self.stdout.write(f"{tombstones.take_in(file)} tombstones were new to this database")
        elif options["file"]:
            raise CommandError(f"{file} is not there.")
        done = 0
        for user in tombstones.risen():
            with transaction.atomic():
                erasure.again(user, at=timezone.now())
            done += 1
        self.stdout.write(f"{done} people were forgotten again")
