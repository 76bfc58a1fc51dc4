"""Addresses that browsers and search engines ask for unbidden."""

import re
from urllib.robotparser import RobotFileParser

import pytest
from django.contrib.staticfiles import finders


def test_the_icon_is_where_browsers_look_for_it(client):
    answer = client.get("/favicon.ico")
    assert answer.status_code == 302 and "max-age" in answer["Cache-Control"]
    assert answer["Location"].startswith("/static/img/favicon-32") and finders.find("img/favicon-32.png")
    assert client.post("/favicon.ico").status_code == 405


@pytest.mark.parametrize(("sandbox", "found"), [(False, True), (True, False)])
def test_search_engines_find_what_is_for_everybody_and_nothing_of_a_sandbox(client, settings, sandbox, found):
    settings.SANDBOX = sandbox
    answer = client.get("/robots.txt")
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/plain")
    rules = RobotFileParser()
    rules.parse(answer.content.decode().splitlines())
    for path in ("/", "/programs", "/rooms/standard", "/faq"):
        assert rules.can_fetch("any", path) is found
    for path in ("/admin/", "/api/v1/programs", "/stays/PW-7", "/stays", "/book/check", "/profile", "/payments/7/go"):
        assert not rules.can_fetch("any", path)


def test_the_guide_is_a_page(client, db):
    """Z4: what it names can be opened; the text itself stays there for programs."""
    page = client.get("/docs/integrators.md")
    text = page.content.decode()
    assert page["Content-Type"].startswith("text/html") and "<h1" in text and "&lt;!--" not in text
    for address in set(re.findall(r'href="([^"]*)"', text.split('class="prose')[1].split("<footer")[0])):
        assert address == "?raw" or client.get(address).status_code == 200, address
    asked = client.get("/docs/integrators.md", headers={"Accept": "text/plain"})
    for raw in (client.get("/docs/integrators.md?raw"), asked):
        assert raw["Content-Type"].startswith("text/plain") and raw.content.startswith(b"# For integrators")
