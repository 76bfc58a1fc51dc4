"""Marked points at which a drill may kill the process. Without effect in production."""

from __future__ import annotations

import os
import signal

from django.conf import settings


def crashpoint(name: str) -> None:
    """Die like a power cut when the drill named this point in PEMA_CRASHPOINT (`name` or `name@file`).

    With `@file` the process dies once: the file is made first, and a process that finds it lives on.
    """
    if settings.PRODUCTION:
        return
    wanted, _, once = os.environ.get("PEMA_CRASHPOINT", "").partition("@")
    if wanted != name:
        return
    if once:
        try:
            os.close(os.open(once, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return
    os.kill(os.getpid(), signal.SIGKILL)
