"""The person's own copy: everything the house knows of her, readable by people and machines, made by a worker.

Nobody else's data is in it. The file is sealed at rest, opened only for its owner after a fresh sign-in, and gone after
seven days; the letter that says it is ready holds nothing but a link to the page.
"""

from __future__ import annotations

import base64
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.domain.privacy import news, pack
from accounts.domain.privacy.who import person_of
from accounts.models import ExportPack, User
from core import crypto, work
from core.actors import SYSTEM, Actor
from core.errors import Conflict, Missing
from core.personal_data import everything_of, seen_of
from core.work import WorkState

KIND = "personal data pack"
KEPT = timedelta(days=7)


def start(user: User, *, at: datetime) -> ExportPack:
    """Promise a pack; one runs at a time. Raises Conflict("export_running")."""
    if not user.is_active:
        raise Conflict("account_closed", "This account is closed.")
    try:
        with transaction.atomic():
            row = ExportPack.objects.create(
                key=f"export:{user.public_id}:{at.timestamp():.6f}", user=user, due_at=at, created_at=at
            )
            news.tell("export asked", user, by=Actor.of(user, "guest"), at=at)
            work.ring(KIND, row.pk)
    except IntegrityError:
        raise Conflict("export_running", "Your copy is being made already. We write to you when it is ready.") from None
    return row


def latest(user: User) -> ExportPack | None:
    """The newest pack, whatever its state."""
    return ExportPack.objects.filter(user=user).defer("sealed").order_by("-id").first()


def available(row: ExportPack | None, *, at: datetime) -> bool:
    """True while the file can be fetched."""
    return bool(row and row.ready_at and row.size and row.expires_at and row.expires_at > at)


def keep(row: ExportPack) -> None:
    """Collect, pack and seal; then write to the person. Run by a worker, outside any transaction."""
    at = timezone.now()
    person = person_of(row.user)
    file = pack.zipped(person, everything_of(person), seen_of(person), at=at)
    sealed = crypto.seal(base64.b64encode(file).decode(), row=_row(row))
    with transaction.atomic():
        fresh = ExportPack.objects.filter(pk=row.pk, ready_at__isnull=True)
        if not fresh.update(sealed=sealed, size=len(file), ready_at=at, expires_at=at + KEPT):
            return  # an attempt before this one has finished it
        link = f"{settings.SITE_URL}{reverse('accounts:privacy')}"
        news.tell(
            "export ready",
            row.user,
            by=SYSTEM,
            at=at,
            letter="privacy_export_ready",
            context={"link": link, "days": KEPT.days},
        )


def fetch(user: User, public_id: str, *, at: datetime) -> bytes:
    """The zip file, for its owner only; each fetch is written down.

    Raises Missing("no_such_pack") for anybody else, and when the file is not there (any more).
    """
    row = ExportPack.objects.filter(public_id=public_id, user=user).first()
    if row is None or not available(row, at=at):
        raise Missing("no_such_pack", "There is no such file, or its time is over.")
    file = base64.b64decode(crypto.unseal(row.sealed, row=_row(row)))
    with transaction.atomic():
        ExportPack.objects.filter(pk=row.pk).update(fetched_at=at)
        news.tell("export fetched", user, by=Actor.of(user, "guest"), at=at)
    return file


def forget(before: datetime) -> int:
    """Take away the files that were made before; the rows say that there was one."""
    old = ExportPack.objects.filter(ready_at__lt=before).exclude(sealed="")
    return old.update(sealed="", size=0)


def _row(row: ExportPack) -> str:
    return f"accounts.exportpack.sealed:{row.public_id}"


def running(user: User) -> bool:
    return ExportPack.objects.filter(user=user, work_state=WorkState.PENDING).exists()


work.Registry.add(KIND, ExportPack, keep)
