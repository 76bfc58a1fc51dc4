"""A child dies with its parent: the kernel sends it a signal when the parent is gone, even by kill -9."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
LINUX = sys.platform == "linux"
LIBC = ctypes.CDLL(None, use_errno=True) if LINUX else None  # looked up here: not between fork and exec


def die_with_parent(death_signal: int = signal.SIGKILL) -> None:
    """Ask for `death_signal` at the death of the thread that started this process."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, int(death_signal))


def before_exec(death_signal: int) -> Callable[[], None]:
    """For Popen(preexec_fn=…): runs in the child after the change of account, which would clear the wish."""
    parent = os.getpid()

    def bind() -> None:
        die_with_parent(death_signal)
        if os.getppid() != parent:  # the parent died in between
            os._exit(1)

    return bind


def bind_forks() -> None:
    """Every process forked from this one from now on dies with it."""
    os.register_at_fork(after_in_child=die_with_parent)


def follow_make() -> None:
    """Started by make: stop in good order when make is killed. A run put into the background by a shell goes on."""
    try:
        with open(f"/proc/{os.getppid()}/comm") as file:
            if file.read().strip() in ("make", "gmake"):
                die_with_parent(signal.SIGTERM)
    except OSError:
        return
