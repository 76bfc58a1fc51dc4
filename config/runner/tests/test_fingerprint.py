"""The database is recognised: the same one with the same content, and no other."""

import re

import pytest
from django.db import connection

from config.runner import fingerprint


@pytest.mark.django_db
def test_every_question_can_be_asked_by_an_ordinary_role() -> None:
    with connection.cursor() as cursor:
        for question in (fingerprint.SERVER, fingerprint.DATABASE, fingerprint.MIGRATIONS, fingerprint.FILLED):
            cursor.execute(question)
            assert cursor.fetchone()[0] is not None


@pytest.mark.django_db
def test_an_emptied_database_is_not_taken_for_a_filled_one() -> None:
    tables = re.findall(r"FROM (\w+_\w+)", fingerprint.FILLED)
    assert len(tables) == 2
    with connection.cursor() as cursor:
        cursor.execute(fingerprint.FILLED)
        assert cursor.fetchone() == (False,)
