"""Children die with their parent, stop in order, and are started again a bounded number of times."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from config.runner import lock, processes, supervisor
from config.runner.layout import ROOT
from config.runner.processes import Service
from config.runner.say import Halt

FORKING = """
import os, time
from config.runner.bond import bind_forks
bind_forks()
print(os.fork() or os.getpid(), flush=True)
time.sleep(60)
"""
PARENT = f"""
import os, sys, time
from pathlib import Path
from config.runner.processes import Service
service = Service("child", [sys.executable, "-c", {FORKING!r}], Path(sys.argv[1]), os.environ)
service.start()
print(service.pid, flush=True)
time.sleep(60)
"""


def until(question: Callable[[], object], seconds: float = 10) -> object:
    end = time.monotonic() + seconds
    while not (answer := question()) and time.monotonic() < end:
        time.sleep(0.02)
    return answer


def script(name: str, code: str, folder: Path, **options: object) -> Service:
    return Service(name, [sys.executable, "-c", code], folder / f"{name}.log", dict(os.environ), **options)


def test_kill_9_of_the_parent_leaves_neither_child_nor_grandchild(tmp_path: Path) -> None:
    log = tmp_path / "child.log"
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(log)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    child = int(parent.stdout.readline())
    assert until(lambda: log.exists() and len(log.read_text().split()) >= 2)
    grandchild = next(int(word) for word in log.read_text().split() if int(word) != child)
    assert processes.facts(child) and processes.facts(grandchild)
    parent.kill()
    parent.wait()
    assert until(lambda: not processes.facts(child) and not processes.facts(grandchild))


def test_stopping_ends_what_the_child_left_behind(tmp_path: Path) -> None:
    code = "import os, sys, time; print(os.fork() or os.getpid(), flush=True); time.sleep(60)"
    service = script("leaver", code, tmp_path)
    service.start()
    assert until(lambda: len(service.log.read_text().split()) == 2)
    left = [int(word) for word in service.log.read_text().split()]
    service.stop()
    assert until(lambda: not any(processes.facts(pid) for pid in left))


def test_a_child_that_ignores_the_polite_signal_is_killed(tmp_path: Path) -> None:
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    service = script("stubborn", code, tmp_path, patience=0.3)
    service.start()
    assert until(lambda: service.log.read_text())
    began = time.monotonic()
    service.stop()
    assert time.monotonic() - began < 5 and service.process is None


def test_the_tail_is_of_this_start_only(tmp_path: Path) -> None:
    for word in ("first", "second"):
        service = script("talker", f"print('{word}')", tmp_path)
        service.start()
        assert service.wait(10)
        service.end_group()
    assert service.tail() == "    | second"


def test_the_last_started_stops_first(tmp_path: Path) -> None:
    parent, order = supervisor.Supervisor(), []
    for name in ("database", "web", "beat"):
        service = script(name, "import time; time.sleep(60)", tmp_path)
        service.stop = lambda name=name, stop=service.stop: (order.append(name), stop())
        parent.start(service)
    parent.stop()
    assert order == ["beat", "web", "database"]


def test_a_dying_child_is_started_again_until_it_is_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(supervisor, "RESTARTS", 2)
    monkeypatch.setattr(supervisor, "BREATH", 0.01)
    parent = supervisor.Supervisor()
    parent.start(script("weak", "import sys; print('why'); sys.exit(3)", tmp_path))
    with pytest.raises(Halt, match="weak ended 3 times in a row"):
        parent.watch()
    said = capsys.readouterr().out
    assert said.count("weak ended (exit code 3)") == 3 and "    | why" in said
    assert "Starting weak again (2 of 2)" in said


def test_before_all_is_ready_a_dead_child_ends_the_start(tmp_path: Path) -> None:
    parent = supervisor.Supervisor()
    service = script("web", "print('no port'); raise SystemExit(1)", tmp_path)
    parent.start(service)
    assert service.wait(10)
    with pytest.raises(Halt, match=r"web ended \(exit code 1\)(.|\n)*no port"):
        parent.check()


def test_an_ended_process_is_told_from_a_later_one_with_its_number() -> None:
    assert processes.facts(os.getpid()) == processes.facts(os.getpid()) != ""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert processes.facts(gone.pid) == ""
    processes.clear_group(os.getpid(), "another start time", patience=0)  # not ours to touch: we live on


def test_one_run_holds_the_lock(tmp_path: Path) -> None:
    held = lock.take(tmp_path / "lock", "busy")
    with pytest.raises(Halt, match=f"busy .process {os.getpid()}."):
        lock.take(tmp_path / "lock", "busy")
    held.close()
    lock.take(tmp_path / "lock", "busy").close()


def test_exit_codes_in_words() -> None:
    assert processes.describe_exit(3) == "exit code 3"
    assert processes.describe_exit(-signal.SIGKILL) == "killed by SIGKILL"
