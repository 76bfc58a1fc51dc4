"""One run per state folder; the lock goes with the process, however it dies."""

import fcntl
import os
from pathlib import Path
from typing import IO

from .say import Halt


def take(path: Path, refusal: str) -> IO[str]:
    """Hold the lock until the returned file is closed; Halt with `refusal` when somebody else holds it."""
    try:
        file = open(path, "a+")  # noqa: SIM115 - held open for the life of the run
    except PermissionError:
        raise Halt(f"{path} belongs to another account (uid {path.stat().st_uid}).") from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        holder = file.read().strip()
        file.close()
        raise Halt(f"{refusal} (process {holder or 'unknown'})") from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file
