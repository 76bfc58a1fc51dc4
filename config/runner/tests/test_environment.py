"""Who wins: the environment, then .env, then the run's own values; and every key is explained once."""

import re
from pathlib import Path

import pytest

from config.runner import environment, keys
from config.runner.layout import ROOT, State

STARTERS = {
    "PORT",
    "WEB_WORKERS",
    "WEB_THREADS",
    "DEMO_PASSWORD",
    "POSTGRES_PASSWORD",
}  # read by what starts the product


@pytest.fixture
def dotenv(tmp_path: Path) -> Path:
    return tmp_path / ".env"


def test_the_environment_wins_over_the_file_and_the_file_over_our_own_values(dotenv: Path) -> None:
    dotenv.write_text("SITE_URL=https://from.file\nLOG_LEVEL=DEBUG\n")
    given = environment.given(dotenv, {"SITE_URL": "https://from.environment"})
    child = environment.compose(given, {"SITE_URL": "own", "LOG_LEVEL": "own", "PEMA_ENV": "own"})
    assert (child["SITE_URL"], child["LOG_LEVEL"], child["PEMA_ENV"]) == ("https://from.environment", "DEBUG", "own")


@pytest.mark.parametrize("blank", ["", "   "])
def test_a_blank_value_counts_as_not_given(dotenv: Path, blank: str) -> None:
    dotenv.write_text(f"DATABASE_URL={blank}\nREDIS_URL=redis://file\n")
    assert environment.given(dotenv, {"SECRET_KEY": blank}) == {"REDIS_URL": "redis://file"}
    assert environment.given(dotenv, {"REDIS_URL": blank}) == {"REDIS_URL": "redis://file"}


def test_what_another_project_left_in_the_shell_does_not_reach_the_product() -> None:
    child = environment.compose(
        {"DJANGO_SETTINGS_MODULE": "theirs.settings", "PYTHONPATH": "/theirs", "HOME": "/h"}, {}
    )
    assert child["DJANGO_SETTINGS_MODULE"] == "config.settings"
    assert "PYTHONPATH" not in child and child["HOME"] == "/h"


@pytest.mark.parametrize(
    ("row", "value"),
    [
        ("KEY=plain", "plain"),
        ("export KEY = spaced ", "spaced"),
        ('KEY="with # inside"', "with # inside"),
        ("KEY='single'", "single"),
        ("KEY=value # remark", "value"),
        ("KEY=# remark", ""),
        ("KEY=a#b", "a#b"),
        ("KEY=a=b==", "a=b=="),
    ],
)
def test_rows_of_a_dotenv_file(dotenv: Path, row: str, value: str) -> None:
    dotenv.write_text(f"# remark\n\n{row}\nnot a row\n")
    assert environment.read_file(dotenv) == {"KEY": value}


def test_a_missing_file_is_an_empty_one(tmp_path: Path) -> None:
    assert environment.read_file(tmp_path / "none") == {}


def demo_of(folder: Path, **given: str) -> dict[str, str]:
    state = State(folder)
    return environment.demo(state, keys.load(state), given, port=8123, database_url="d", redis_url="r")


def test_the_simulator_is_called_on_our_own_port_even_behind_another_address(tmp_path: Path) -> None:
    own = demo_of(tmp_path, SITE_URL="https://demo.example/")
    assert own["PAYU_PAYMENT_URL"] == "https://demo.example/sandbox/payu/_payment"
    assert own["PAYU_COMMAND_URL"].startswith("http://127.0.0.1:8123/sandbox/payu/")
    assert own["ALLOWED_HOSTS"].split(",") == ["demo.example", "127.0.0.1", "localhost"]


def test_our_newer_salt_is_not_mixed_with_another_merchant(tmp_path: Path) -> None:
    assert demo_of(tmp_path)["PAYU_SALT_256"]
    assert demo_of(tmp_path, PAYU_MERCHANT_KEY="theirs", PAYU_MERCHANT_SALT="theirs")["PAYU_SALT_256"] == ""


def test_every_key_of_the_settings_is_in_the_example_and_no_other() -> None:
    """A key nobody can find is not a setting; a key nobody reads is a lie."""
    settings = (ROOT / "config" / "settings.py").read_text()
    read = set(re.findall(r"\b(?:env(?:\.\w+)?|secret)\(\s*\"([A-Z0-9_]+)\"", settings))
    listed = environment.names()
    assert len(listed) == len(set(listed))
    assert set(listed) - STARTERS == read - STARTERS


def test_the_example_carries_no_value() -> None:
    """So that a copy changes nothing before it is filled in, and no secret is ever shipped."""
    assert set(environment.read_file(ROOT / ".env.example").values()) == {""}


def test_secrets_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    first = keys.load(State(tmp_path))
    assert keys.load(State(tmp_path)) == first
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600
    other = tmp_path / "other"
    other.mkdir()
    assert not set(keys.load(State(other)).values()) & set(first.values())
