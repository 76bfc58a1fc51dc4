"""`make demo`: the product on this machine, until Ctrl-C."""

from . import ready, stack
from .layout import State
from .say import line
from .supervisor import Stopped, Supervisor


def run(state: State) -> int:
    supervisor = Supervisor()
    try:
        line("Starting the demo ...")
        running = stack.start(supervisor, state, port="8000", alone="The demo of this folder runs already")
        ready.welcome(state, running.site, running.seconds)
        supervisor.watch()
    except Stopped as wish:
        line(f"\nStopping ({wish}) ...")
    finally:
        supervisor.stop()
    line("Stopped; the data stays. `make demo` goes on from here, `make clean` starts over.")
    return 0
