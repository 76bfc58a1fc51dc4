"""The embedded PostgreSQL at work: its postmaster is a child of ours, on the loopback interface, behind a password."""

import os
import signal
import time
from dataclasses import dataclass

from . import ports
from .cluster import ADMIN, Cluster
from .layout import State
from .processes import Service, run
from .say import Halt

OWNER = "pema"  # role and database of the product, as in MAKE_DATABASE
ALWAYS = (
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=300",
    "shared_buffers=256MB",
    "max_wal_size=2GB",
    "log_line_prefix=%m [%p] ",
    "timezone=UTC",
    "jit=off",
)
DURABLE = ("fsync=on", "synchronous_commit=on")
THROWAWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")  # tests only: a crash may lose it all
MAKE_DATABASE = """
\\getenv word OWNER_PASSWORD
SELECT format('CREATE ROLE pema LOGIN CREATEDB PASSWORD %L', :'word')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'pema') \\gexec
SELECT 'CREATE DATABASE pema OWNER pema'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'pema') \\gexec
"""


@dataclass
class Postgres:
    """One server over one cluster."""

    state: State
    cluster: Cluster
    password: str
    port: int = 0

    def start(self) -> Service:
        """Start the postmaster; `wait_ready` says when it answers."""
        self.port = ports.any_free(self.port)
        settings = (*ALWAYS, *(DURABLE if self.cluster.durable else THROWAWAY), f"port={self.port}")
        self.service = Service(
            name="postgres",
            command=[
                self.cluster.programs.path("postgres"),
                *("-D", str(self.cluster.data)),
                *(part for setting in settings for part in ("-c", setting)),
            ],
            log=self.state.logs / "postgres.log",
            env={**os.environ, "LC_ALL": "C"},
            cwd=self.cluster.home,
            account=self.cluster.account,
            stop_signal=signal.SIGINT,  # fast shutdown: open transactions roll back
            death_signal=signal.SIGQUIT,  # our own kill -9: stop at once, the write-ahead log recovers it
            patience=20,
            before=self.cluster.prepare,
        )
        self.service.start()
        return self.service

    def wait_ready(self, seconds: float = 60) -> None:
        """Until it answers and the product's role and database exist."""
        end = time.monotonic() + seconds
        while not self._says_ready():
            if self.service.ended() is not None or time.monotonic() > end:
                raise Halt(f"PostgreSQL did not start. The end of {self.service.log}:\n{self.service.tail()}")
            time.sleep(0.03)
        if not (self.cluster.home / "application").exists():
            self._make_database()

    def _says_ready(self) -> bool:
        """The postmaster keeps its state in the eighth line of its lock file."""
        try:
            rows = (self.cluster.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(rows) > 7 and rows[0] == str(self.service.pid) and rows[7].strip() == "ready"

    def _make_database(self) -> None:
        """An ordinary role that owns its database, and may make others for tests. No superuser runs the product."""
        done = run(
            [self.cluster.programs.path("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", ports.HOST],
            input=MAKE_DATABASE,
            env={
                **os.environ,
                "PGPORT": str(self.port),
                "PGUSER": ADMIN,
                "PGDATABASE": "postgres",
                "PGPASSWORD": self.cluster.admin_password,
                "OWNER_PASSWORD": self.password,
            },
        )
        if done.returncode:
            raise Halt(f"The database could not be made:\n{done.stdout}{done.stderr}")
        (self.cluster.home / "application").write_text("made\n")

    @property
    def url(self) -> str:
        return f"postgres://{OWNER}:{self.password}@{ports.HOST}:{self.port}/{OWNER}"
