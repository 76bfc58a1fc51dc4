"""What we need from the inside of allauth is where we look for it, and is looked for in one place only."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path

import allauth
import pytest
from django.conf import settings

REACHES_IN = re.compile(r"^\s*(from|import)\s+allauth\.\S*internal", re.MULTILINE)
NEEDED = {
    "allauth.account.internal.flows.login.record_authentication": ["request", "user", "method", "extra_data"],
    "allauth.account.internal.stagekit.clear_login": ["request"],
}


@pytest.mark.parametrize(("path", "parameters"), NEEDED.items())
def test_it_is_still_there(path, parameters):
    module, _dot, name = path.rpartition(".")
    moved = f"allauth {allauth.__version__} has no {path}{tuple(parameters)} any more: see accounts/allauth_inside.py"
    try:
        found = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError):
        pytest.fail(moved)
    assert list(inspect.signature(found).parameters) == parameters, moved


def test_nobody_else_reaches_in():
    root = Path(settings.BASE_DIR)
    apps = [app.split(".")[0] for layer in settings.LAYERS for app in layer]
    files = [file for app in {*apps, "config"} for file in (root / app).rglob("*.py") if "tests" not in file.parts]
    reaching = [str(file.relative_to(root)) for file in files if REACHES_IN.search(file.read_text(encoding="utf-8"))]
    assert reaching == ["accounts/allauth_inside.py"]
