"""`make clean`: removes the data, logs and secrets of the demo, the tests and the benchmark. The environment stays."""

import shutil
from collections.abc import Sequence

from . import lock
from .layout import State
from .say import line


def run(states: Sequence[State]) -> int:
    for state in states:
        if state.folder.exists():
            held = lock.take(state.folder / "lock", f"{state.folder} is in use; stop that run first")
            shutil.rmtree(state.folder)
            held.close()
            line(f"Removed {state.folder}")
        if state.outside.exists():
            shutil.rmtree(state.outside)
            line(f"Removed {state.outside}")
    return 0
