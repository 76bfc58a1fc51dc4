"""The container files say what they should; there is no engine here to run them."""

import json
import re

import yaml

from config.runner import environment
from config.runner.layout import ROOT

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def test_every_service_is_there_and_checked() -> None:
    services = COMPOSE["services"]
    assert set(services) == {"web", "worker", "beat", "migrate", "db", "redis"}
    checked = {name for name, service in services.items() if "test" in service["healthcheck"]}
    assert checked == set(services) - {"migrate"}
    for name in ("web", "worker", "beat"):
        needs = {key: value["condition"] for key, value in services[name]["depends_on"].items()}
        assert needs == {
            "db": "service_healthy",
            "redis": "service_healthy",
            "migrate": "service_completed_successfully",
        }


def test_compose_asks_only_for_keys_that_the_example_explains() -> None:
    asked = set(re.findall(r"(?<!\$)\$\{(\w+)", json.dumps(COMPOSE)))
    assert asked and asked <= set(environment.names())


def test_nothing_but_the_site_is_reachable_from_outside() -> None:
    assert [name for name, service in COMPOSE["services"].items() if "ports" in service] == ["web"]


def test_the_image_runs_as_nobody_special_and_keeps_no_secret() -> None:
    final = DOCKERFILE.split("\nFROM ")[-1]
    assert "\nUSER pema\n" in final
    kept = re.findall(r"^(?:ENV|ARG) .*(?:\\\n.*)*", DOCKERFILE, re.MULTILINE)
    assert not [row for row in kept if re.search(r"SECRET|PASSWORD|SALT|_KEYS?\b", row)]
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".env", ".git", ".demo", ".test", ".venv"} <= set(ignored)
