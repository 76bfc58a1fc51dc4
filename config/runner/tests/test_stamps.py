"""Work is skipped while, and only while, what it was made from is the same."""

from pathlib import Path

import pytest

from config.runner import bootstrap, stamps
from config.runner.layout import State


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(stamps, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    for name in (
        "rooms/migrations/0001_initial.py",
        "backoffice/demo/rates.py",
        "rooms/tests/demo.py",
        ".demo/x/demo.py",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (tmp_path / "requirements.txt").write_text("django==5.2\n")
    (tmp_path / "requirements-dev.txt").write_text("pytest==9.2\n")
    return tmp_path


def test_sources_are_files_of_the_product_only(project: Path) -> None:
    found = stamps.sources("**/migrations/*.py", "**/*demo*", "**/*demo*/**/*")
    assert {str(path.relative_to(project)) for path in found} == {
        "rooms/migrations/0001_initial.py",
        "backoffice/demo/rates.py",
    }


def test_a_mark_changes_with_content_with_names_and_with_words(project: Path) -> None:
    file = project / "backoffice/demo/rates.py"
    before = stamps.mark([file], "a")
    assert stamps.mark([file], "a") == before
    assert stamps.mark([file], "b") != before
    file.write_text("other")
    assert stamps.mark([file], "a") != before
    moved = file.rename(file.with_name("moved.py"))
    assert stamps.mark([moved], "a") != before


def test_a_stamp_is_kept_beside_the_others(tmp_path: Path) -> None:
    state = State(tmp_path)
    assert stamps.read(state) == {}
    stamps.write(state, "static", "1")
    stamps.write(state, "demo", "2")
    assert stamps.read(state) == {"static": "1", "demo": "2"}
    (tmp_path / "stamps.json").write_text("{broken")
    assert stamps.read(state) == {}


def test_the_environment_is_stamped_by_pins_and_place(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime, development = (bootstrap._stamp(files) for files in (bootstrap.RUNTIME, bootstrap.DEVELOPMENT))
    assert runtime != development
    (project / "requirements-dev.txt").write_text("pytest==9.3\n")
    assert bootstrap._stamp(bootstrap.RUNTIME) == runtime
    assert bootstrap._stamp(bootstrap.DEVELOPMENT) != development
    monkeypatch.setattr(bootstrap, "VENV", project / "moved" / ".venv")
    assert bootstrap._stamp(bootstrap.RUNTIME).name != runtime.name


def test_nothing_is_installed_while_the_stamp_holds(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(bootstrap, "_make", lambda: (project / ".venv").mkdir(exist_ok=True))
    monkeypatch.setattr(bootstrap, "_install", done.append)
    bootstrap.ensure(bootstrap.RUNTIME)
    bootstrap.ensure(bootstrap.RUNTIME)
    assert done == ["requirements.txt"]
    bootstrap.ensure(bootstrap.DEVELOPMENT)
    bootstrap.ensure(bootstrap.RUNTIME)
    assert done == ["requirements.txt", "requirements-dev.txt"]


def test_a_failed_installation_leaves_no_stamp(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "_make", lambda: (project / ".venv").mkdir(exist_ok=True))
    monkeypatch.setattr(bootstrap, "_install", lambda name: (_ for _ in ()).throw(bootstrap.Halt("no network")))
    with pytest.raises(bootstrap.Halt):
        bootstrap.ensure(bootstrap.RUNTIME)
    assert not list((project / ".venv").glob(".pins-*"))
