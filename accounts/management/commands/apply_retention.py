"""`manage.py apply_retention [--dry-run]`: the retention table, now."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from accounts.domain.privacy import retention


class Command(BaseCommand):
    help = "Take away what the retention table does not allow to keep; --dry-run counts only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        if options["dry_run"]:
            for line in retention.dry_run(at=at):
                oldest = f", oldest {line.found.oldest:%Y-%m-%d}" if line.found.oldest else ""
                rest = "" if line.rule.active else " (switched off)"
                self.stdout.write(
                    f"{line.rule.code}: {line.found.count} older than {line.rule.days} days{oldest}{rest}"
                )
            return
        for code, count in retention.apply(at=at).items():
            self.stdout.write(f"{code}: {count} taken away")
