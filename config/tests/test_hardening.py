"""Web hardening: what every answer says to the browser, and what no page carries."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from accounts import roles
from accounts.models import User
from config.tests.cast import PASSWORD
from rooms.domain.staffing import work_for
from rooms.models import Property

INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")|<style|<[^>]+\sstyle=|<[^>]+\son[a-z]+=|javascript:",
    re.I,
)
FOREIGN = re.compile(
    r'<(?:script|link|img|iframe|source|form)[^>]+(?:src|href|action)="(?:https?:)?//(?!testserver)([^"/]+)', re.I
)
ELSEWHERE = {"127.0.0.1:8000", "localhost"}  # the sandbox's own gateway
PAGES = 150


@pytest.fixture
def everywhere(stays, guest):
    """A house with stays in several states, and somebody who may see all of it."""
    stays.held(start=20)
    stays.in_review(start=30, user=guest)
    stays.confirmed(start=0, user=guest)
    made = User.objects.create_user("all@pema.example", PASSWORD, first_name="Padma", is_staff=True)
    made.groups.add(*Group.objects.filter(name__in=roles.ALL))
    work_for(made, *Property.objects.all())
    return made


def crawl(client: Client, start: str, limit: int = PAGES):
    """Every page that can be reached by links from `start`, one of each kind."""
    todo, seen = [start], set()
    while todo and len(seen) < limit:
        path = todo.pop(0)
        kind = re.sub(r"\d+|PW-\w+|[0-9a-f-]{36}|\?.*", "*", path)
        if kind in seen:
            continue
        seen.add(kind)
        answer = client.get(path, follow=True)
        yield path, answer
        if answer.get("Content-Type", "").startswith("text/html"):
            found = re.findall(r'<a[^>]+href="(/[^"#]*)', answer.content.decode())
            todo += [one.replace("&amp;", "&") for one in found if not re.search(r"sign-out|logout|/static/", one)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("who", "start"), [("nobody", "/"), ("guest", "/stays"), ("staff", "/admin/")])
def test_no_page_carries_inline_code_or_asks_a_foreign_host(everywhere, guest, who, start):
    """I3, I9, I14: the policy of each page; what it forbids is not there; what is personal is not kept."""
    client = Client(raise_request_exception=False)
    if who != "nobody":
        client.force_login({"guest": guest, "staff": everywhere}[who])
    pages = 0
    for path, answer in crawl(client, start):
        assert answer.status_code < 500, path
        policy = answer.get("Content-Security-Policy", "")
        assert "unsafe-inline" not in policy and "frame-ancestors 'none'" in policy, path
        assert "'unsafe-eval'" not in policy or answer.wsgi_request.path.startswith("/admin/"), path
        assert answer["X-Content-Type-Options"] == "nosniff" and answer["X-Frame-Options"] == "DENY", path
        assert answer["Referrer-Policy"] == "same-origin", path
        if who != "nobody" and answer.get("Content-Type", "").startswith("text/html"):
            assert "no-store" in answer.get("Cache-Control", ""), path
        if answer.get("Content-Type", "").startswith("text/html"):
            html = answer.content.decode()
            pages += 1
            assert not INLINE.search(html), f"{path}: {INLINE.search(html)[0]}"
            assert not set(FOREIGN.findall(html)) - ELSEWHERE, path
    assert pages > {"nobody": 12, "guest": 12, "staff": 50}[who]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "https://evil.example/x",
        "http:///evil.example",
        "///evil.example",
        "/%0d%0aLocation:%20//evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        " //evil.example",
        "\t//evil.example",
        "https://testserver@evil.example",
        "/\t/evil.example",
        "https://testserver.evil.example",
        "//testserver:80@evil.example",
    ],
)
def test_next_leads_nowhere_else(guest, wanted):
    """I7: only own paths."""
    client = Client()
    answer = client.post("/sign-in", {"email": guest.email, "password": PASSWORD, "next": wanted})
    assert answer.status_code in (302, 303)
    assert answer["Location"].startswith("/") and not urlsplit(answer["Location"]).netloc
    assert not answer["Location"].startswith(("//", "/\\"))


@pytest.mark.django_db
def test_forwarded_headers_of_strangers_change_nothing(client, settings):
    """I13, A12: host and scheme come from the request itself unless a configured proxy speaks."""
    answer = client.get("/sign-in", headers={"X-Forwarded-Host": "evil.example", "X-Original-URL": "/admin/"})
    assert answer.status_code == 200 and b"evil.example" not in answer.content
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.django_db
def test_no_other_origin_reads_the_api(client):
    """I15: no CORS at all: the app is no browser page of another origin."""
    for origin in ("https://evil.example", "null"):
        answer = client.get("/api/v1/programs", headers={"Origin": origin})
        assert "Access-Control-Allow-Origin" not in answer
        answer = client.options("/api/v1/bookings", headers={"Origin": origin, "Access-Control-Request-Method": "POST"})
        assert "Access-Control-Allow-Origin" not in answer


@pytest.mark.django_db(transaction=True)
def test_a_private_page_has_no_second_name(guest, stays):
    """I14: cache deception: a suffix that looks like a file is not found."""
    stay = stays.confirmed(user=guest)
    client = Client()
    client.force_login(guest)
    for path in (f"/stays/{stay.reference}/x.css", "/profile/x.css", "/stays/a.js", f"/stays/{stay.reference}.css"):
        answer = client.get(path)
        assert answer.status_code == 404 and stay.contact_name not in answer.content.decode().replace("Asha", "", 1)


@pytest.mark.django_db
def test_writing_needs_our_own_page(guest):
    """I8: a form of another site is refused, also one that sends JSON as text."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(guest)
    for path in ("/profile", "/sign-out", "/profile/sign-out-everywhere"):
        assert client.post(path, {"first_name": "Eve"}).status_code == 403
    answer = client.patch("/api/v1/auth/me", '{"first_name": "Eve"}', content_type="text/plain")
    assert answer.status_code in (401, 415)
    guest.refresh_from_db()
    assert guest.first_name == "Asha"
