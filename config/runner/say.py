"""Words for the terminal, and the one exception that ends a run with a clear sentence."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Halt(Exception):
    """The run cannot go on; the text says why and what to do."""


def line(text: str = "") -> None:
    """Print; when nobody listens any more (`make demo | head`), go on in silence."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def note(text: str) -> None:
    line(f"  ! {text}")


@contextmanager
def step(text: str) -> Iterator[None]:
    """Print what was done and how long it took, once it is done."""
    started = time.monotonic()
    yield
    line(f"  - {text} ({time.monotonic() - started:.1f} s)")
