"""Words for the terminal, and the one exception that ends a run with a clear sentence."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Halt(Exception):
    """The run cannot go on; the text says why and what to do."""


def line(text: str = "") -> None:
    print(text, flush=True)


def note(text: str) -> None:
    line(f"  ! {text}")


@contextmanager
def step(text: str) -> Iterator[None]:
    """Print what was done and how long it took, once it is done."""
    started = time.monotonic()
    yield
    line(f"  - {text} ({time.monotonic() - started:.1f} s)")
