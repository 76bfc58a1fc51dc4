"""Somebody has lost telephone and recovery codes: take the second factor away, after making sure who is asking."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.domain import second_factor
from accounts.models import User


class Command(BaseCommand):
    help = "Remove app, passkeys and recovery codes of one person; all sessions end, and a letter tells her."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=User.objects.normalise(options["email"])).first()
        if user is None:
            raise CommandError("There is nobody with this e-mail address.")
        count = second_factor.reset(user, at=timezone.now())
        self.stdout.write(f"{count} key(s) removed. {user.email} sets up a new second factor at the next sign-in.")
