"""The note a run keeps of itself: for `make manage`, for the ports of the next run, and to clear up after kill -9."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass

from .layout import State, write_private
from .processes import Service, clear_group, facts


@dataclass(frozen=True)
class Note:
    """What is known of the latest run in a state folder."""

    pid: int = 0
    born: str = ""
    site: str = ""
    env: Mapping[str, str] | None = None
    ports: Mapping[str, int] | None = None
    children: tuple[tuple[str, int, str], ...] = ()  # name, process, its start time

    @property
    def alive(self) -> bool:
        return bool(self.born) and facts(self.pid) == self.born


def read(state: State) -> Note:
    try:
        known = json.loads(state.running.read_text())
    except (FileNotFoundError, ValueError):
        return Note()
    return Note(**{**known, "children": tuple(tuple(child) for child in known["children"])})


def write(
    state: State, services: list[Service], *, site: str, env: Mapping[str, str], ports: Mapping[str, int]
) -> None:
    known = {
        "pid": os.getpid(),
        "born": facts(os.getpid()),
        "site": site,
        "env": dict(env),
        "ports": dict(ports),
        "children": [[service.name, service.pid, facts(service.pid)] for service in services],
    }
    write_private(state.running, json.dumps(known, indent=1))


def clear(latest: Note) -> None:
    """Let the children of a killed run finish dying, so that their ports are free again.

    The database is left out: its own folder tells more about it than a process number.
    """
    for name, pid, born in latest.children:
        if name != "postgres":
            clear_group(pid, born, patience=3)
