"""Who was erased, as digests: a restored backup is made to forget the same people again.

A line is appended to the file PRIVACY_TOMBSTONES as well, because a restored database does not know what happened after
its backup. The digests are keyed (TOMBSTONE_KEY), so that nobody can try addresses against them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.dateparse import parse_datetime

from accounts.models import Tombstone, User

log = logging.getLogger(__name__)


def digest(value: str) -> str:
    """HMAC-SHA-256 of an address or number in its plain form; an empty text has none."""
    plain = "".join(value.split()).lower()
    key = hashlib.sha256(b"tombstone|" + settings.TOMBSTONE_KEY.encode()).digest()
    return hmac.new(key, plain.encode(), hashlib.sha256).hexdigest() if plain else ""


def raise_for(user: User, *, at: datetime) -> Tombstone:
    """Written in the erasing transaction; the line in the file follows after commit."""
    stone, _ = Tombstone.objects.get_or_create(
        person=user.public_id,
        defaults={"email_digest": digest(user.email), "phone_digest": digest(user.phone), "erased_at": at},
    )
    transaction.on_commit(lambda: append(stone), robust=True)
    return stone


def append(stone: Tombstone) -> None:
    """One line in the file; a full disk must not undo an erasure, so it is said loudly instead."""
    line = {
        "person": str(stone.person),
        "email": stone.email_digest,
        "phone": stone.phone_digest,
        "at": stone.erased_at.isoformat(),
    }
    try:
        file = Path(settings.PRIVACY_TOMBSTONES)
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(line) + "\n")
    except OSError:
        log.exception("the list of tombstones could not be written")


def read(file: Path) -> Iterator[tuple[UUID, str, str, datetime]]:
    """(person, e-mail digest, phone digest, when) of each line; a broken last line is left out."""
    for line in file.read_text(encoding="utf-8").splitlines():
        try:
            found = json.loads(line)
            at = parse_datetime(found["at"])
            if at is not None:
                yield UUID(found["person"]), found["email"], found["phone"], at
        except (ValueError, KeyError, TypeError):
            log.error("a line of the list of tombstones cannot be read")


def take_in(file: Path) -> int:
    """Lines that this database does not know yet; returns how many are new."""
    made = 0
    for person, email, phone, at in read(file):
        _, new = Tombstone.objects.get_or_create(
            person=person, defaults={"email_digest": email, "phone_digest": phone, "erased_at": at}
        )
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
