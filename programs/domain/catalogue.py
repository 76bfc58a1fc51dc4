"""Writing the catalogue through a door other than the admin."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from audit.record import changed
from core.actors import Actor
from core.errors import Conflict
from programs.models import Program
from rooms.models import Property


def add_program(property: Property, *, by: Actor, at: datetime, **fields: Any) -> Program:
    """Put a program on the list. Raises Conflict("slug_taken")."""
    with transaction.atomic():
        if Program.objects.filter(slug=fields["slug"]).exists():
            raise Conflict("slug_taken", "A program with this slug exists.", attr="slug")
        made = Program.objects.create(property=property, **fields)
        changed(f"program:{made.slug}"[:60], "added", by=by, at=at)
    return made


def change_program(program: Program, *, by: Actor, at: datetime, **fields: Any) -> Program:
    """Write a program anew; stays that were sold keep what they were sold under. Raises Conflict("slug_taken")."""
    with transaction.atomic():
        taken = Program.objects.filter(slug=fields.get("slug", program.slug)).exclude(pk=program.pk)
        if taken.exists():
            raise Conflict("slug_taken", "A program with this slug exists.", attr="slug")
        for name, value in fields.items():
            setattr(program, name, value)
        program.save()
        changed(f"program:{program.slug}"[:60], "changed", by=by, at=at, fields=sorted(fields))
    return program
