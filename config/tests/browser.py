"""A real browser for journeys: Debian's Chromium driven by Playwright; skipped with a word where there is none."""

from __future__ import annotations

import os
import shutil

import pytest

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium():
    """One browser for all journeys of a process."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        pytest.skip("no Chromium here: apt-get install chromium")
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright keeps a loop in this thread
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, town):
    """`visit(js=True, width=390)`: a fresh visitor's page; script errors and refused resources fail the test."""
    pages, complaints = [], []

    def new(*, js: bool = True, width: int = 1280, height: int = 900):
        context = chromium.new_context(
            base_url=town.base, viewport={"width": width, "height": height}, java_script_enabled=js
        )
        page = context.new_page()
        page.set_default_timeout(15000)
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        pages.append(context)
        return page

    yield new
    for context in pages:
        context.close()
    unexpected = [text for text in complaints if "status of 4" not in text]
    assert not unexpected, unexpected
