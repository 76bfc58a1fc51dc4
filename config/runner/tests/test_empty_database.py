"""Nothing may need tables before `migrate` has made them: system checks run first."""

import pytest
from django.core.checks import run_checks
from django.db import connections


def test_the_system_checks_ask_no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(connections["default"]), "cursor", lambda *args: pytest.fail("a check asked the database"))
    run_checks()
