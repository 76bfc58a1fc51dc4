"""What must not start does not start: the list of those erased."""

from __future__ import annotations

from pathlib import Path

import pytest

from accounts.checks import those_erased_stay_erased

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def production(settings, tmp_path):
    settings.PRODUCTION = True
    settings.TOMBSTONE_KEY = 40 * "k"
    settings.PRIVACY_TOMBSTONES = str(tmp_path / "not yet" / "tombstones.jsonl")
    return settings


def ids() -> list[str]:
    return [found.id for found in those_erased_stay_erased(None)]


def test_a_good_production_starts_and_the_look_writes_nothing(production, tmp_path):
    assert ids() == []
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "not yet").mkdir()
    (tmp_path / "not yet" / "tombstones.jsonl").write_text("")
    assert ids() == []


@pytest.mark.parametrize("key", ["", "short", "sandbox-only-secret-key-that-production-never-accepts-000000"])
def test_the_list_has_a_key_of_its_own(production, key):
    """L6: a SECRET_KEY that is changed one day would make every digest worthless."""
    production.TOMBSTONE_KEY = key
    assert ids() == ["pema.E007"]


def test_the_list_has_a_place_to_be_written(production, tmp_path, monkeypatch):
    """L6: a folder in the way of the file, a file in the way of the folder, and a disk that takes nothing."""
    (tmp_path / "taken").mkdir()
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "taken", tmp_path / "file" / "tombstones.jsonl"):
        production.PRIVACY_TOMBSTONES = str(place)
        assert ids() == ["pema.E008"], place
    production.PRIVACY_TOMBSTONES = str(tmp_path / "tombstones.jsonl")
    assert ids() == []
    monkeypatch.setattr("accounts.checks.os.access", lambda place, mode: False)
    assert ids() == ["pema.E008"]


def test_the_container_keeps_the_list_in_a_volume():
    """L6: what stands in the container's own layers is gone with it."""
    compose, image = (ROOT / "docker-compose.yml").read_text(), (ROOT / "Dockerfile").read_text()
    place = "/var/lib/pema/privacy"
    assert f"PRIVACY_TOMBSTONES: {place}/tombstones.jsonl" in compose and f"privacy:{place}" in compose
    assert f"PRIVACY_TOMBSTONES={place}/tombstones.jsonl" in image
    owned = image[image.index("install -d -o pema") :]
    assert place in owned[: owned.index("COPY")]
