"""`make bench`: the figures of docs/performance.md, against a stack like the demo's with data and ports of its own."""

from collections.abc import Sequence

from . import stack, testing
from .layout import PYTHON, State
from .say import line
from .supervisor import Stopped, Supervisor

UNLIMITED = {"RATE_LIMIT_TOKEN": "10000000/min", "RATE_LIMIT_ANON": "10000000/min", "LOG_LEVEL": "WARNING"}


def run(state: State, words: Sequence[str]) -> int:
    """The exit code of `python -m bench`, which finds the stack by BASE_URL, DATABASE_URL and REDIS_URL."""
    supervisor = Supervisor()
    try:
        line("Starting a stack to measure ...")
        running = stack.start(
            supervisor, state, port="8100", extra=UNLIMITED, alone="A benchmark of this folder runs already"
        )
        line(f"Ready after {running.seconds:.1f} s.\n")
        env = {**running.env, "BASE_URL": running.site, "DATABASE_POOL_MAX": "0"}
        return testing.foreground([str(PYTHON), "-m", "bench", *words], env)
    except Stopped as wish:
        line(f"\nStopping ({wish}) ...")
        return 130
    finally:
        supervisor.stop()
