"""`make test`: pytest against servers of its own, from nothing."""

import os
import shlex
import signal
import subprocess
from collections.abc import Sequence

from . import bootstrap, environment, keys, leftovers, lock, servers
from .bond import before_exec
from .layout import PYTHON, ROOT, State
from .say import line
from .supervisor import Stopped, Supervisor

GIVEN = ("DATABASE_URL", "REDIS_URL")  # all else of the product is fixed, so that tests mean the same everywhere


def run(state: State, words: Sequence[str], *, durable: bool = False, workers: str = "2") -> int:
    """The exit code of pytest. `durable` servers keep their promises in a crash; tests do not need that."""
    supervisor = Supervisor()
    try:
        env = start(supervisor, state, durable=durable)
        spread = [] if workers in ("", "0", "1") or _says_how_many(words) else ["-n", workers]
        return foreground([str(PYTHON), "-m", "pytest", *spread, *words], env)
    except Stopped as wish:
        line(f"\nStopping ({wish}) ...")
        return 130
    finally:
        supervisor.stop()


def start(supervisor: Supervisor, state: State, *, durable: bool = False) -> dict[str, str]:
    """Servers for tests; returns the environment they run in."""
    bootstrap.ensure(bootstrap.DEVELOPMENT)
    state.make()
    supervisor.keep.append(lock.take(state.folder / "lock", f"Tests of this folder run already (in {state.folder})"))
    latest = leftovers.read(state)
    leftovers.clear(latest)
    secrets = keys.load(state)
    given = {key: os.environ[key] for key in GIVEN if os.environ.get(key, "").strip()}
    found = servers.start(supervisor, state, secrets, given, durable=durable, ports=latest.ports)
    leftovers.write(state, supervisor.services, site="", env={}, ports=found.ports)
    foreign = {*environment.names(), *environment.FOREIGN}
    return {
        **{key: value for key, value in os.environ.items() if key not in foreign},
        "PEMA_ENV": "test",
        "DATABASE_URL": found.database_url,
        "REDIS_URL": found.redis_url,
    }


def foreground(command: Sequence[str], env: dict[str, str]) -> int:
    """Run a command with our terminal and let it finish in its own way when it is interrupted."""
    process = subprocess.Popen(command, cwd=ROOT, env=env, preexec_fn=before_exec(signal.SIGKILL))
    try:
        return process.wait()
    except Stopped as wish:
        if not _ended(process, 3 if wish.number == signal.SIGINT else 0):  # Ctrl-C reached it as well
            process.send_signal(signal.SIGINT)
        if not _ended(process, 20):
            process.kill()
        raise


def _ended(process: "subprocess.Popen[bytes]", seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def _says_how_many(words: Sequence[str]) -> bool:
    return any(word.startswith(("-n", "--numprocesses", "--pdb")) or word == "no:xdist" for word in words)


def words_of(text: str) -> list[str]:
    """ARGS of make, split as a shell would."""
    return shlex.split(text)
