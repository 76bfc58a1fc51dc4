"""granian whose workers die with it: run by the virtual environment's Python as a script, with granian's arguments."""

import multiprocessing
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[2])  # the project, not this folder

from config.runner.bond import bind_forks  # noqa: E402


def main() -> None:
    from granian.cli import entrypoint

    multiprocessing.set_start_method("fork")  # the bond travels by fork
    bind_forks()
    entrypoint()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
