"""Reading our own pages: what a guest would see and be able to press."""

from __future__ import annotations

import html
import re
from urllib.parse import urlencode


def words(answer) -> str:
    """The text of a page, without tags, in one line."""
    text = re.sub(r"<(script|style|svg).*?</\1>", " ", answer.content.decode(), flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def field(answer, name: str) -> str:
    """The value of a hidden or visible input."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', answer.content.decode())
    return html.unescape(found.group(1)) if found else ""


def links(answer, start: str) -> list[str]:
    """Addresses on the page that begin with `start`."""
    return [html.unescape(link) for link in re.findall(rf'href="({re.escape(start)}[^"]*)"', answer.content.decode())]


def elements(answer) -> list[str]:
    """What the guest has to look at in forms: visible inputs, selects, text areas."""
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.findall(r'<(?:input(?![^>]*type="hidden")|select|textarea)[^>]*name="([^"]+)"', main)


def wish(today, *, start=30, nights=7, **more) -> dict[str, str]:
    """The query of a search."""
    from datetime import timedelta

    arrival = today + timedelta(days=start)
    found = {
        "check_in": arrival.isoformat(),
        "check_out": (arrival + timedelta(days=nights)).isoformat(),
        "adults": "2",
    }
    return found | {name: str(value) for name, value in more.items()}


def address(path: str, query: dict[str, str]) -> str:
    return f"{path}?{urlencode(query)}"
