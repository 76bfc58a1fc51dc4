"""The commands of the runner, one for each target of the Makefile."""

import argparse
import getpass
import os
from pathlib import Path

from . import bench, bond, checks, clean, demo, manage, ready, supervisor, testing
from .layout import ROOT, State
from .say import Halt, line

FOLDERS = {"bench": ".bench", "test": ".test", "drills": ".test", "check": ".test"}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 config/runner", description=__doc__)
    parser.add_argument(
        "command", choices=["demo", "test", "drills", "bench", "manage", "lint", "check", "clean", "health"]
    )
    parser.add_argument("--state", type=Path, help="folder for data, logs and secrets of this run")
    parser.add_argument("words", nargs="*", help="handed on to pytest, manage.py or the benchmark (after --)")
    asked = parser.parse_args()
    supervisor.listen()
    bond.follow_make()
    try:
        return _do(asked.command, asked.state, [*testing.words_of(os.environ.get("ARGS", "")), *asked.words])
    except Halt as reason:
        line(f"\n{reason}\n\nmake {asked.command} has stopped.")
        return 1
    except PermissionError as error:
        line(
            f"\n{error.filename} belongs to another account: somebody (root?) started from here before. "
            "Give it back with\n"
            f"  sudo chown -R {getpass.getuser()} '{ROOT}'"
        )
        return 1
    except supervisor.Stopped as wish:
        line(f"\nStopped ({wish}).")
        return 130


def _do(command: str, folder: Path | None, words: list[str]) -> int:
    state = State((folder or ROOT / FOLDERS.get(command, ".demo")).resolve())
    workers = os.environ.get("JOBS", "2")
    match command:
        case "demo":
            return demo.run(state)
        case "test":
            return testing.run(state, words, workers=workers)
        case "drills":
            return testing.run(state, ["-m", "drill", *words], durable=True, workers="1")
        case "bench":
            return bench.run(state, words)
        case "manage":
            return manage.run(state, words)
        case "lint":
            return checks.lint()
        case "health":
            return ready.health()
        case "check":
            return checks.check(state)
        case _:
            every = [ROOT / name for name in (".demo", ".test", ".bench")]
            return clean.run([State(path) for path in ([folder.resolve()] if folder else every)])
