"""The embedded database refuses what it cannot open, and clears up what a crash left."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.runner.cluster import Cluster
from config.runner.say import Halt


class Eighteen:
    """Programs that are only asked for their version."""

    version = "18.6"
    account = None


def cluster(home: Path, *, moved: bool = False) -> Cluster:
    return Cluster(home, moved, Eighteen(), "ours", "word", True)  # type: ignore[arg-type]


def data(home: Path, *, version: str = "18", identity: str = "ours") -> Path:
    (home / "data").mkdir()
    (home / "data" / "PG_VERSION").write_text(f"{version}\n")
    (home / "identity").write_text(identity)
    return home / "data"


def test_data_of_another_version_is_told_and_left_alone(tmp_path: Path) -> None:
    kept = data(tmp_path, version="17")
    with pytest.raises(Halt, match="made by PostgreSQL 17; the one here is 18.6"):
        cluster(tmp_path).prepare()
    assert (kept / "PG_VERSION").read_text() == "17\n"


def test_data_whose_secrets_are_gone_is_told_and_left_alone(tmp_path: Path) -> None:
    kept = data(tmp_path, identity="of a state folder before")
    with pytest.raises(Halt, match="secrets"):
        cluster(tmp_path).prepare()
    assert kept.exists()


def test_the_lock_file_of_a_dead_server_goes_even_when_its_number_lives_again(tmp_path: Path) -> None:
    lock = data(tmp_path) / "postmaster.pid"
    lock.write_text("1\n")  # alive, and not ours
    cluster(tmp_path).prepare()
    assert not lock.exists()


def test_a_server_still_dying_in_the_folder_is_waited_for(tmp_path: Path) -> None:
    folder = data(tmp_path)
    (folder / "postmaster.pid").write_text("1\n")
    dying = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1)"], cwd=folder)
    began = time.monotonic()
    cluster(tmp_path).prepare()
    assert time.monotonic() - began > 0.5 and dying.wait(5) == 0
