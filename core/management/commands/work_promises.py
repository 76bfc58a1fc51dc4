"""Keeps every promise that is due, without Redis or Celery."""

from django.core.management.base import BaseCommand

from core import work


class Command(BaseCommand):
    help = "Keeps every promise that is due (refunds, messages, callbacks), without Redis or Celery."

    def add_arguments(self, parser):
        parser.add_argument("--limit", type=int, default=1000, help="at most this many of each kind")

    def handle(self, *args, limit, **options):
        for name, look in work.Registry.sweeps.items():
            self.stdout.write(f"{name}: {look()}")
        for kind in work.Registry.kinds:
            self.stdout.write(f"{kind}: {work.drain(kind, limit=limit)}")
