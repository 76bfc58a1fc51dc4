"""A guest with a word of her own in every field, and what the tests of the privacy desk do with her."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.domain.privacy import export
from accounts.models import (
    Companion,
    ErasureRequest,
    ExportPack,
    User,
)
from bookings.models import StayBooking
from bookings.states import State

SECRET = "CANARY-heart-murmur"


@pytest.fixture
def stones(settings, tmp_path):
    """The file of those who were erased, in a place of the test's own."""
    settings.PRIVACY_TOMBSTONES = str(tmp_path / "tombstones.jsonl")


@pytest.fixture
def asha(guest) -> User:
    """A guest with everything that a profile can hold, each with a word that is found nowhere else."""
    User.objects.filter(pk=guest.pk).update(
        email="canary-mail@example.com",
        first_name="CANARYFIRST",
        last_name="CANARYLAST",
        phone="+919800011122",
        address="CANARYSTREET 5",
        diet="CANARYDIET",
        emergency_contact="CANARYUNCLE",
        email_verified_at=timezone.now(),
    )
    Companion.objects.create(user=guest, name="CANARYCOMPANION", relation="friend")
    return User.objects.get(pk=guest.pk)


def over(stay: StayBooking) -> StayBooking:
    """The stay has been lived and is over, long ago enough that nothing about it is open."""
    StayBooking.objects.filter(pk=stay.pk).update(
        state=State.COMPLETED, check_in=stay.check_in - timedelta(60), check_out=stay.check_out - timedelta(60)
    )
    return StayBooking.objects.get(pk=stay.pk)


def due(row: ErasureRequest) -> ErasureRequest:
    ErasureRequest.objects.filter(pk=row.pk).update(due_at=timezone.now() - timedelta(seconds=1))
    return ErasureRequest.objects.get(pk=row.pk)


def everything() -> str:
    """The whole database as text: each row of each table of ours."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        found = []
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')
            found += [f"{table}: {row[0]}" for row in cursor.fetchall()]
    return "\n".join(found)


def told_by(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def made(user: User, drain) -> tuple[ExportPack, dict]:
    export.start(user, at=timezone.now())
    drain(export.KIND)
    pack = ExportPack.objects.get(user=user)
    archive = zipfile.ZipFile(io.BytesIO(export.fetch(user, str(pack.public_id), at=timezone.now())))
    assert sorted(archive.namelist()) == ["data.json", "index.html"]
    return pack, {"json": archive.read("data.json").decode(), "html": archive.read("index.html").decode()}
