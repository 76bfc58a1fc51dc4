"""One child process: started in its own session, bound to our life, stopped with its whole group."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import account as accounts
from .bond import before_exec
from .layout import ROOT

LOG_LIMIT = 5_000_000  # bytes; a longer log is put aside once at start
POLL = 0.05  # seconds between two looks


@dataclass
class Service:
    """What to start and how to stop it. `patience` is the seconds between the polite signal and SIGKILL."""

    name: str
    command: Sequence[str]
    log: Path
    env: Mapping[str, str]
    cwd: Path = ROOT
    account: accounts.Account | None = None
    stop_signal: int = signal.SIGTERM
    death_signal: int = signal.SIGKILL
    patience: float = 10
    stdin: str = ""
    before: Callable[[], None] | None = None  # what must be in order at each start, also at a restart
    process: "subprocess.Popen[str] | None" = field(default=None, repr=False)
    log_from: int = 0

    def start(self) -> None:
        if self.before:
            self.before()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with open(self.log, "ab") as log:
            self.log_from = log.tell()
            self.process = subprocess.Popen(
                self.command,
                cwd=self.cwd,
                env=dict(self.env),
                stdin=subprocess.PIPE if self.stdin else subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,  # Ctrl-C reaches the runner only, which stops things in order
                preexec_fn=before_exec(self.death_signal),
                **accounts.as_account(self.account),
            )
        if self.stdin and self.process.stdin:
            self.process.stdin.write(self.stdin)
            self.process.stdin.close()

    @property
    def pid(self) -> int:
        return self.process.pid if self.process else 0

    def ended(self) -> int | None:
        """The exit code once it ended, else None."""
        return self.process.poll() if self.process else None

    def wait(self, seconds: float) -> bool:
        """Whether it ended within `seconds`."""
        end = time.monotonic() + seconds
        while self.ended() is None:
            if time.monotonic() > end:
                return False
            time.sleep(POLL)
        return True

    def stop(self) -> None:
        """Ask politely, wait, then end the whole group; harmless when it ended before."""
        if self.process and self.ended() is None:
            self.process.send_signal(self.stop_signal)
            self.wait(self.patience)
        self.end_group()

    def end_group(self) -> None:
        """Leave nothing of it: neither itself nor what it started. Only once: the number may be another's later."""
        if self.process is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def tail(self, lines: int = 15) -> str:
        """The last lines of this start in its log."""
        with open(self.log, "rb") as log:
            log.seek(max(self.log_from, self.log.stat().st_size - 8000))
            text = log.read().decode(errors="replace")
        return "\n".join("    | " + row for row in text.strip().splitlines()[-lines:])


def facts(pid: int) -> str:
    """What tells one process from a later one with the same number: its start time. Empty when it is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    after_name = stat.rpartition(")")[2].split()
    return "" if after_name[0] == "Z" else after_name[19]


def living_in(folder: Path) -> list[int]:
    """Processes whose working directory is `folder` (a postmaster and its backends sit in their data folder)."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if os.readlink(entry / "cwd") == str(folder):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def clear_group(pid: int, started: str, patience: float) -> None:
    """Wait for a process of an earlier run to go; after `patience` seconds end its group."""
    end = time.monotonic() + patience
    while started and facts(pid) == started:
        if time.monotonic() > end:
            try:
                os.killpg(pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                return
            end += patience
        time.sleep(POLL)


def describe_exit(code: int) -> str:
    """An exit code in words: `exit code 3` or `killed by SIGKILL`."""
    if code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"


def run(command: Sequence[str], **options: Any) -> "subprocess.CompletedProcess[str]":
    """Run a short command to its end, its output as text; it dies with us."""
    if "input" not in options:
        options["stdin"] = subprocess.DEVNULL
    bond = before_exec(signal.SIGKILL)
    return subprocess.run(command, capture_output=True, text=True, preexec_fn=bond, **options)
