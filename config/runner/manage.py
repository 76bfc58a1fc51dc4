"""`make manage ARGS="…"`: a command of manage.py in the environment of the running demo."""

import os
from collections.abc import Sequence

from . import leftovers
from .layout import PYTHON, ROOT, State
from .say import Halt


def run(state: State, words: Sequence[str]) -> int:
    """Becomes the command; returns only by Halt."""
    latest = leftovers.read(state)
    if not latest.alive or latest.env is None:
        raise Halt("No demo runs from this folder. Start one with `make demo` in another terminal.")
    os.chdir(ROOT)
    env = {**os.environ, **latest.env, "DATABASE_POOL_MAX": "0", "DJANGO_SETTINGS_MODULE": "config.settings"}
    os.execve(str(PYTHON), [str(PYTHON), "manage.py", *words], env)
