"""Load the demo property: catalogue, people, a year of plausible stays. Safe to run again."""

import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from backoffice.demo import load


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--bookings",
            type=int,
            default=load.BOOKINGS,
            help=f"How many demo stays there shall be ({load.BOOKINGS}); beyond {load.YEAR} they lie in past years.",
        )
        parser.add_argument("--seed", type=int, default=load.SEED, help="Another seed, another year.")
        parser.add_argument(
            "--only-catalogue", action="store_true", help="Property, programs, prices, sign-ins; no stays."
        )
        parser.add_argument("--i-know", action="store_true", help="Load it into production all the same.")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION and not options["i_know"]:
            raise CommandError("This is production: the demo brings accounts with a known password. Add --i-know.")
        if options["bookings"] < 0:
            raise CommandError("--bookings is zero or more.")
        began = time.monotonic()
        loaded = load.load(
            now=timezone.now(),
            bookings=options["bookings"],
            seed=options["seed"],
            catalogue_only=options["only_catalogue"],
        )
        seconds = time.monotonic() - began
        self.stdout.write(
            f"{loaded.property.name}: {loaded.added} stays added, {loaded.bookings} in all, {seconds:.1f} s."
        )
        if settings.SANDBOX_GATEWAY:
            call_command("connect_sandbox_crm", stdout=self.stdout)
