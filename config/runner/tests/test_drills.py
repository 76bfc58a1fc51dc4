"""The demo killed for real: nothing stays behind, nothing is lost, and it starts again."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.runner import environment, leftovers, ports
from config.runner.layout import ROOT, State

pytestmark = pytest.mark.drill
START = 240  # seconds a first start may take on a loaded machine
GONE = 5  # seconds the last child may take to die after kill -9


class Demo:
    """A demo with a state folder of its own, driven from outside like a person would."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.port = ports.any_free()
        self.said = state.folder.with_suffix(".out")

    def start(self) -> None:
        env = {key: value for key, value in os.environ.items() if key not in environment.names()}
        with open(self.said, "w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "config/runner", "demo", "--state", str(self.state.folder)],
                cwd=ROOT,
                env={**env, "PORT": str(self.port)},
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        assert until(lambda: "Ctrl-C stops" in self.said.read_text() or self.process.poll() is not None, START)
        assert self.process.poll() is None, self.said.read_text()

    def kill(self, name: str) -> None:
        """kill -9 of one child, as noted by the parent."""
        os.kill(next(pid for child, pid, _ in leftovers.read(self.state).children if child == name), signal.SIGKILL)

    def answers(self) -> bool:
        connection = http.client.HTTPConnection(ports.HOST, self.port, timeout=5)
        try:
            connection.request("GET", "/health/ready")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def alive(self) -> list[str]:
        """Command lines of every process that belongs to this demo."""
        found = []
        marks = [str(path).encode() for path in (self.state.folder, self.state.outside)]
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                words, env = (entry / "cmdline").read_bytes(), (entry / "environ").read_bytes()
            except OSError:
                continue
            if words and any(mark in words or mark in env for mark in marks):
                found.append(words.replace(b"\0", b" ").decode())
        return found


def until(question: Callable[[], object], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not question():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    one = Demo(State(tmp_path_factory.mktemp("drill") / "a demo"))
    yield one
    one.process.kill()
    one.process.wait()
    assert until(lambda: not one.alive(), GONE)
    subprocess.run([sys.executable, "config/runner", "clean", "--state", str(one.state.folder)], cwd=ROOT, check=True)


def test_kill_9_of_the_parent_leaves_nothing_and_the_next_start_is_quick(demo: Demo) -> None:
    demo.start()
    assert demo.answers() and len(demo.alive()) > 5
    demo.process.kill()
    demo.process.wait()
    assert until(lambda: not demo.alive(), GONE), demo.alive()
    demo.start()
    assert demo.answers()
    assert "Database and demo data are in place" in demo.said.read_text()
    assert "is busy" not in demo.said.read_text()


def test_a_second_demo_of_the_same_folder_is_refused_with_the_address_of_the_first(demo: Demo) -> None:
    words = [sys.executable, "config/runner", "demo", "--state", str(demo.state.folder)]
    second = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    assert second.returncode == 1
    assert f"runs already: http://127.0.0.1:{demo.port}" in second.stdout
    assert demo.answers()


@pytest.mark.parametrize("name", ["worker", "beat", "web", "valkey", "postgres"])
def test_a_killed_child_is_named_and_comes_back(demo: Demo, name: str) -> None:
    demo.kill(name)
    assert until(lambda: f"Starting {name} again (1 of" in demo.said.read_text(), 10)
    assert f"{name} ended (killed by SIGKILL)" in demo.said.read_text()
    assert until(demo.answers, 30)


def test_ctrl_c_stops_everything_in_order(demo: Demo) -> None:
    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(60) == 0
    assert demo.said.read_text().rstrip().endswith("`make clean` starts over.")
    assert until(lambda: not demo.alive(), GONE), demo.alive()
    assert "shut down" in (demo.state.logs / "postgres.log").read_text().splitlines()[-1]
