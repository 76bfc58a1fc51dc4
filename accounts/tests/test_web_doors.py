"""Around signing in: sessions, hosts, ways back, asking again, codes by mail, changed addresses."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.db import connection
from django.test import Client

from accounts.models import Challenge, ContactChange, User

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-password"
SIGN_IN, CODE = "/sign-in", "/sign-in/code/confirm"

EVIL = [
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\\/evil.example",
    "http://evil.example",
    "https://evil.example/",
    "HTTPS://evil.example",
    "https:evil.example",
    "https:/evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "ftp://evil.example",
    "evil.example",
    "www.evil.example/path",
    "@evil.example",
    "//testserver@evil.example",
    "//evil.example\\@testserver",
    "https://testserver@evil.example",
    "https://testserver.evil.example",
    "https://evil.example#testserver",
    "https://evil.example?testserver",
    "http://testserver:80@evil.example/",
    "//evil.example:443",
    "//evil%2eexample",
    "//%65vil.example",
    "\t//evil.example",
    " //evil.example",
    "\n//evil.example",
    "\r\n//evil.example",
    "\x01//evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "//[::1]/",
    "//127.0.0.1/",
    "//0x7f000001/",
    "http://2130706433/",
    "//evil.example/%2f..",
    "//evil.example/..%2f",
    "///testserver",
    "https://",
    "https:///",
    "//",
    "///",
    "\\",
    "\\\\\\\\",
    "//\u3002evil\u3002example",
    "//ｅｖｉｌ.example",
    "\u2044\u2044evil.example",
    "file:///etc/passwd",
    "mailto:x@evil.example",
    "tel:+911234567890",
    "about:blank",
    "blob:https://evil.example/x",
]


def test_no_way_back_leaves_the_house(guest, settings):
    """I7: sixty disguises of another host, on the form and in the address."""
    settings.ACCOUNT_RATE_LIMITS = {"login": ""}  # a hundred sign-ins from one address in a few seconds
    assert len(EVIL) >= 60
    form = {"email": guest.email, "password": PASSWORD}
    for turn, wanted in enumerate(EVIL):
        told = {"data": {**form, "next": wanted}} if turn % 2 else {"data": form, "query_params": {"next": wanted}}
        answer = Client().post(SIGN_IN, **told)
        assert (answer.status_code, answer["Location"]) == (303, "/stays"), repr(wanted)


@pytest.mark.parametrize("path", ["/sign-out", "/sign-in/code", "/register"])
def test_other_doors_keep_to_the_house_too(client, guest, path):
    """I7."""
    for wanted in EVIL[:12]:
        page = client.post(path, {"next": wanted, "email": "new@example.com", "password": "x"})
        assert "evil" not in page.get("Location", ""), wanted


def test_signing_in_gives_the_session_a_new_name(client, guest, settings):
    """A15: what was planted before is worth nothing; the cookie is not for scripts nor for other sites."""
    session = client.session
    session["keyring"] = ["booking:PW-1"]
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted
    answer = client.post(SIGN_IN, {"email": guest.email, "password": PASSWORD})
    cookie = answer.cookies["sessionid"]
    assert cookie.value != planted and cookie["httponly"] and cookie["samesite"] == "Lax"
    assert client.session["keyring"] == ["booking:PW-1"]
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert thief.get("/profile").status_code == 302
    settings.SESSION_COOKIE_SECURE = True
    assert Client().post(SIGN_IN, {"email": guest.email, "password": PASSWORD}).cookies["sessionid"]["secure"]


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_HOST": "evil.example"},
        {"HTTP_HOST": "testserver@evil.example"},
        {"HTTP_HOST": "evil.example:80"},
        {"HTTP_HOST": "testserver.evil.example"},
        {"HTTP_HOST": "testserver,evil.example"},
    ],
)
def test_a_foreign_host_is_refused(client, guest, headers):
    """A12."""
    assert client.post("/password/forgot", {"email": guest.email}, **headers).status_code == 400
    assert not Challenge.objects.exists()


@pytest.mark.parametrize(
    "headers", [{"HTTP_X_FORWARDED_HOST": "evil.example"}, {"HTTP_X_ORIGINAL_URL": "https://evil.example/"}]
)
@pytest.mark.django_db(transaction=True)
def test_links_stand_on_our_own_address_whatever_is_sent(client, guest, settings, drain, headers):
    """A12."""
    client.post("/password/forgot", {"email": guest.email}, **headers)
    drain("knock", "message")
    for link in re.findall(r"https?://[^\s\"<]+", mail.outbox[0].body):
        assert link.startswith(settings.SITE_URL), link


@pytest.mark.django_db(transaction=True)
def test_a_code_from_the_mail_signs_in(client, guest, drain):
    client.post("/sign-in/code", {"email": guest.email, "next": "/profile"})
    drain("knock", "message")
    typed = re.search(r"\b(\d{6})\b", mail.outbox[0].body).group(1)
    assert typed not in mail.outbox[0].subject
    assert client.post(CODE, {"code": "999999" if typed != "999999" else "999998"}).status_code == 400
    answer = client.post(CODE, {"code": typed})
    assert (answer.status_code, answer["Location"]) == (303, "/profile")
    assert client.get("/profile").status_code == 200
    again = Client()
    again.post("/sign-in/code", {"email": guest.email})
    assert again.post(CODE, {"code": typed}).status_code == 400, "A7: an old code"


@pytest.mark.django_db(transaction=True)
def test_five_guesses_of_a_code_are_looked_at(guest, drain):
    """A6: forty at once, from one browser; the right one comes too late."""
    client = Client()
    client.post("/sign-in/code", {"email": guest.email})
    drain("knock", "message")
    typed = re.search(r"\b(\d{6})\b", mail.outbox[0].body).group(1)
    cookie = client.cookies["sessionid"].value
    wrong = [f"{n:06d}" for n in range(40) if f"{n:06d}" != typed]

    def guess(code: str) -> int:
        one = Client()
        one.cookies["sessionid"] = cookie
        try:
            return one.post(CODE, {"code": code}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(guess, wrong)) <= {400, 429}
    assert Challenge.objects.get().tries == 5
    assert guess(typed) in (400, 429)


def test_the_page_of_a_code_tells_nobody_who_has_an_account(guest):
    """A8."""
    said = []
    for email in (guest.email, "nobody@example.com"):
        answer = Client().post("/sign-in/code", {"email": email}, follow=True)
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode().partition("<main")[2]))
        said.append((answer.redirect_chain, text.replace(email, "x")))
    assert said[0] == said[1]


def test_an_address_that_nobody_has_proven_is_proven_at_the_next_sign_in(client, guest, drain):
    """The password alone is not enough then; the code from the mail is asked for, and allauth's row follows."""
    User.objects.filter(pk=guest.pk).update(email_verified_at=None)
    assert not EmailAddress.objects.get(user=guest).verified
    answer = client.post(SIGN_IN, {"email": guest.email, "password": PASSWORD, "next": "/profile"})
    assert answer["Location"] == CODE and client.get("/profile").status_code == 302
    drain("message")
    typed = re.search(r"\b(\d{6})\b", mail.outbox[0].body).group(1)
    assert client.post(CODE, {"code": typed})["Location"] == "/profile"
    assert EmailAddress.objects.get(user=guest).verified


def test_allauths_addresses_follow_the_people(guest):
    """One truth: whatever door writes it, `update()` and SQL too."""
    User.objects.filter(pk=guest.pk).update(email="new@pema.example", email_verified_at=None)
    rows = EmailAddress.objects.filter(user=guest).values_list("email", "verified", "primary")
    assert list(rows) == [("new@pema.example", False, True)]


SENSITIVE = [
    "/profile/security/email",
    "/profile/security/phone",
    "/profile/security/app",
    "/profile/security/passkeys/add",
]


@pytest.mark.parametrize("path", SENSITIVE)
def test_sensitive_pages_ask_again_after_ten_minutes(client, guest, path):
    """A16: a stolen session moves nothing."""
    client.post(SIGN_IN, {"email": guest.email, "password": PASSWORD})
    assert client.get(path).status_code == 200, "fresh"
    session = client.session
    session["account_authentication_methods"] = [
        {**one, "at": one["at"] - 601} for one in session["account_authentication_methods"]
    ]
    session.save()
    for verb in (client.get, client.post):
        answer = verb(path)
        assert answer.status_code in (302, 303) and answer["Location"].startswith("/sign-in/again?next="), path
    assert client.post(f"/sign-in/again?next={path}", {"password": "wrong", "next": path}).status_code == 400
    answer = client.post(f"/sign-in/again?next={path}", {"password": PASSWORD, "next": path})
    assert answer["Location"] == path and client.get(path).status_code == 200


@pytest.mark.parametrize("held", ["password", "app", "both"])
def test_whoever_has_a_password_or_a_key_is_not_asked_by_mail(client, guest, post, held):
    """A16: an open mailbox and a stolen session are not as good as the password or the second factor."""
    if held != "password":
        TOTP.activate(guest, generate_totp_secret())
    if held == "app":
        guest.set_unusable_password()
        guest.save()
    client.force_login(guest)
    path = "/sign-in/again/mail?next=/profile/security/email"
    for ask in (
        client.get,
        lambda path: client.post(path, {"send": "1"}),
        lambda path: client.post(path, {"code": "1"}),
    ):
        assert ask(path)["Location"] == "/sign-in/again?next=/profile/security/email"
    assert not post.codes and not Challenge.objects.exists()
    assert client.get("/profile/security/email")["Location"].startswith("/sign-in/again?next=")


@pytest.mark.django_db(transaction=True)
def test_whoever_has_no_password_is_asked_by_mail(client, guest, drain):
    """A16: looking at the page sends nothing; one press does."""
    guest.set_unusable_password()
    guest.save()
    client.force_login(guest)
    answer = client.get("/profile/password/set")
    assert answer["Location"] == "/sign-in/again/mail?next=/profile/password/set"
    assert client.get(answer["Location"]).status_code == 200 and not Challenge.objects.exists()
    assert client.post(answer["Location"], {"send": "1"}).status_code == 303
    drain("message")
    typed = re.search(r"\b(\d{6})\b", mail.outbox[0].body).group(1)
    assert client.post(answer["Location"], {"code": "000001" if typed != "000001" else "000002"}).status_code == 400
    assert client.post(answer["Location"], {"code": typed})["Location"] == "/profile/password/set"
    assert client.post("/profile/password/set", {"password": "four calm words here"}).status_code == 303
    guest.refresh_from_db()
    assert guest.check_password("four calm words here") and client.get("/profile").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_another_address_by_code_and_back_from_the_old_one(client, guest, drain):
    """A16: the old address is told at once, and takes it back without signing in; everybody is out then."""
    client.post(SIGN_IN, {"email": guest.email, "password": PASSWORD})
    old = guest.email
    assert client.post("/profile/security/email", {"email": "thief@example.com"}).status_code == 303
    drain("message")
    typed = next(re.search(r"\b(\d{6})\b", one.body).group(1) for one in mail.outbox if one.to == ["thief@example.com"])
    undo = next(
        re.search(r"https?://\S+(/account/undo/\S+)", one.body).group(1) for one in mail.outbox if one.to == [old]
    )
    assert client.post("/profile/security/email", {"code": typed})["Location"] == "/profile/security"
    guest.refresh_from_db()
    assert guest.email == "thief@example.com" and EmailAddress.objects.get(user=guest).email == "thief@example.com"
    owner = Client()
    assert owner.get(undo).status_code == 200
    guest.refresh_from_db()
    assert guest.email == "thief@example.com", "looking changes nothing"
    assert owner.post(undo).status_code == 303
    guest.refresh_from_db()
    assert guest.email == old and client.get("/profile").status_code == 302
    assert owner.post(undo).status_code in (400, 404)
    assert ContactChange.objects.get().undone_at is not None


def test_devices_are_listed_and_ended_one_by_one(client, guest, other_guest):
    """Z1: one's own only."""
    here, there, theirs = client, Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Chrome/130.0"), Client()
    for one, person in ((here, guest), (there, guest), (theirs, other_guest)):
        one.post(SIGN_IN, {"email": person.email, "password": PASSWORD})
    page = here.get("/profile/security")
    devices = page.context["devices"]
    assert len(devices) == 2 and "Chrome, Windows" in page.content.decode()
    other = next(one for one, current in devices if not current)
    assert theirs.post(f"/profile/security/devices/{other.id}/end").status_code == 404
    assert there.get("/profile").status_code == 200
    assert here.post(f"/profile/security/devices/{other.id}/end").status_code == 303
    assert (here.get("/profile").status_code, there.get("/profile").status_code) == (200, 302)


@pytest.mark.django_db(transaction=True)
def test_of_two_uses_of_a_link_one_holds(guest, drain):
    """A13: the same link in two browsers at once."""
    Client().post("/password/forgot", {"email": guest.email})
    drain("knock", "message")
    path = re.search(r"https?://[^/]+(/password/new/\S+)", mail.outbox[0].body).group(1)

    def choose(word: str) -> int:
        one = Client()
        try:
            where = one.get(path)["Location"]
            return one.post(where, {"password": f"four calm words {word}"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(choose, ["a", "b"])) == [303, 400]


def test_google_is_not_there_without_its_keys(client):
    assert "Google" not in client.get(SIGN_IN).content.decode()
    assert client.post("/sign-in/with/google").status_code == 404
