"""D: every migration can be taken back and made again, on an empty database and on one that is full."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings

pytestmark = pytest.mark.drill


@pytest.fixture
def scratch() -> Iterator[str]:
    """The address of an empty database beside the tests' own."""
    one = settings.DATABASES["default"]
    name = f"walk_{os.getpid()}"
    server = {"host": one["HOST"], "port": one["PORT"], "user": one["USER"], "password": one["PASSWORD"]}
    with psycopg.connect(dbname="postgres", autocommit=True, **server) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield f"postgres://{one['USER']}:{one['PASSWORD']}@{one['HOST']}:{one['PORT']}/{name}"
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.parametrize("way", ["empty", "loaded"])
def test_backwards_and_forwards(scratch, way):
    """Nothing of ours is left after the first migration was taken back, and the same schema comes back."""
    environment = {**os.environ, "DATABASE_URL": scratch, "PEMA_ENV": "demo", "SITE_URL": "http://127.0.0.1:8821"}
    done = subprocess.run(
        [sys.executable, "-m", "config.tests.migration_walk", way],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=1800,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
