"""Print the inventory of all addresses: verbs, who may come in, whose things they show, whether they write."""

from __future__ import annotations

import csv
import sys
from typing import Any

from django.core.management.base import BaseCommand

from backoffice.doors import CALLERS, Route, routes

COLUMNS = ("path", "methods", "who", "scope", "writes", "throttled", "in schema", "name")


class Command(BaseCommand):
    help = "Print every address of the house with who may call it; --csv for a table program."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--csv", action="store_true", help="comma-separated, with a heading")
        parser.add_argument("--role", choices=CALLERS, help="only the addresses that this role may call")

    def handle(self, *args: Any, **options: Any) -> None:
        found = [one for one in routes() if not options["role"] or options["role"] in one.callers]
        rows = [row(one) for one in found]
        if options["csv"]:
            sheet = csv.writer(self.stdout if hasattr(self.stdout, "write") else sys.stdout, lineterminator="\n")
            sheet.writerows([COLUMNS, *rows])
            return
        widths = [min(max(len(line[n]) for line in [COLUMNS, *rows]), 60) for n in range(len(COLUMNS))]
        for line in [COLUMNS, *rows]:
            self.stdout.write("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())
        self.stdout.write(f"{len(rows)} addresses")


def row(route: Route) -> tuple[str, ...]:
    """One line of the inventory."""
    door = route.door
    who = "UNDECLARED" if door is None else " ".join([*door.who, *([f"[{door.needs}]"] if door.needs else [])])
    return (
        f"/{route.path}",
        " ".join(route.methods) if len(route.methods) < 7 else "any",
        who,
        door.scope if door else "",
        "yes" if door and door.changes else "",
        "yes" if route.throttled else "",
        "yes" if route.in_schema else "",
        route.name,
    )
