"""Print the demo's sign-ins: role, e-mail, password, page to open."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from backoffice.demo.people import SIGN_INS, password


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Production has no demo sign-ins.")
        rows = [("role", "e-mail", "password", "open")]
        rows += [(one.role, one.email, password(), f"{settings.SITE_URL}{one.page}") for one in SIGN_INS]
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        for row in rows:
            self.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
