"""Who was erased, as digests: a restored backup is made to forget the same people again.

A line is appended to the file PRIVACY_TOMBSTONES as well, because a restored database does not know what happened after
its backup. The digests are keyed (TOMBSTONE_KEY), so that nobody can try addresses against them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.models import Tombstone, User
from core import work

AT_ONCE = 500
log = logging.getLogger(__name__)


def digest(value: str) -> str:
    """HMAC-SHA-256 of an address in its plain form; an empty text has none."""
    plain = "".join(value.split()).lower()
    key = hashlib.sha256(b"tombstone|" + settings.TOMBSTONE_KEY.encode()).digest()
    return hmac.new(key, plain.encode(), hashlib.sha256).hexdigest() if plain else ""


def raise_for(user: User, *, at: datetime) -> Tombstone:
    """Written in the erasing transaction; the line in the file follows after commit, or by the sweep."""
    stone, _ = Tombstone.objects.get_or_create(
        person=user.public_id, defaults={"email_digest": digest(user.email), "erased_at": at}
    )
    if stone.written_at is None:
        transaction.on_commit(write_missing, robust=True)
    return stone


def write_missing() -> int:
    """Lines that the file does not have yet; returns how many were written.

    A line twice does no harm, one that is missing does: a stone counts as written only once its line is on the disk.
    Until a full disk has room again the sweep tries it, and says so loudly.
    """
    with transaction.atomic():
        stones = Tombstone.objects.select_for_update(skip_locked=True).filter(written_at__isnull=True)
        waiting = list(stones.order_by("pk")[:AT_ONCE])
        if not waiting:
            return 0
        try:
            _append(waiting)
        except OSError:
            log.exception("the list of tombstones could not be written")
            return 0
        return Tombstone.objects.filter(pk__in=[one.pk for one in waiting]).update(written_at=timezone.now())


def _append(stones: Sequence[Tombstone]) -> None:
    """One line each, on the disk when this returns. Begins on a line of its own, whatever a crash left behind."""
    file = Path(settings.PRIVACY_TOMBSTONES)
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        json.dumps({"person": str(one.person), "email": one.email_digest, "at": one.erased_at.isoformat()})
        for one in stones
    ]
    with file.open("a+b") as out:
        if out.tell():
            out.seek(-1, os.SEEK_END)
            if out.read(1) != b"\n":
                lines.insert(0, "")
        out.write(("\n".join(lines) + "\n").encode())
        out.flush()
        os.fsync(out.fileno())


def read(file: Path) -> Iterator[tuple[UUID, str, datetime]]:
    """(person, e-mail digest, when) of each line; a broken line is left out."""
    for line in filter(None, file.read_text(encoding="utf-8").splitlines()):
        try:
            found = json.loads(line)
            at = parse_datetime(found["at"])
            if at is not None:
                yield UUID(found["person"]), found["email"], at
        except (ValueError, KeyError, TypeError):
            log.error("a line of the list of tombstones cannot be read")


def take_in(file: Path) -> int:
    """Lines that this database does not know yet; returns how many are new."""
    made = 0
    for person, email, at in read(file):
        _, new = Tombstone.objects.get_or_create(person=person, defaults={"email_digest": email, "erased_at": at})
        made += new
    return made


def risen() -> Iterator[User]:
    """Accounts that a restored backup has brought back: by their id, or by an address that was theirs.

    An account that was opened after the erasure is a new beginning, and stays.
    """
    stones = {stone.person: stone for stone in Tombstone.objects.all()}
    if not stones:
        return
    by_mail = {stone.email_digest: stone for stone in stones.values() if stone.email_digest}
    living = User.objects.exclude(email__endswith="@erased.invalid").filter(is_staff=False).order_by("pk")
    for user in living.iterator(chunk_size=2000):
        stone = stones.get(user.public_id) or by_mail.get(digest(user.email))
        if stone is not None and user.date_joined < stone.erased_at:
            yield user


work.Registry.add_sweep("tombstones", write_missing)
