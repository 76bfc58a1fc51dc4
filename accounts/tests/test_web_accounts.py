"""Signing in and out, registering, the profile, passwords: neutral answers, limits, sessions that end at once."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import ConsentRecord, Knock, User
from core import work
from notifications.domain.sealing import whole
from notifications.models import Message

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-password"
SIGN_IN = "/sign-in"
CODE = "/sign-in/code/confirm"


@pytest.fixture
def code_from_mail(drain):
    """The newest code that was mailed to an address."""

    def read(to: str) -> str:
        drain("knock", "message")
        letter = next(one for one in reversed(mail.outbox) if one.to == [to])
        assert not re.search(r"\d{6}", letter.subject), "no secret in a subject"
        return re.search(r"\b(\d{6})\b", letter.body).group(1)

    return read


def words(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode().partition("<main")[2]).split())


def test_signing_in_leads_to_the_stays(client, guest):
    answer = client.post(SIGN_IN, {"email": "Asha.Rao@PEMA.example", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (303, "/stays")
    assert client.get("/profile").status_code == 200


def test_staff_are_led_to_the_back_office(client, front_desk):
    answer = client.post(SIGN_IN, {"email": front_desk.email, "password": PASSWORD})
    assert answer["Location"] == reverse("admin:index")


def test_a_wrong_password_and_an_unknown_address_cannot_be_told_apart(client, guest):
    """A1: the answer never tells whether an account exists."""
    said = [
        words(client.post(SIGN_IN, {"email": "asha.rao@pema.example", "password": "wrong-password"})),
        words(client.post(SIGN_IN, {"email": "nobody@pema.example", "password": "wrong-password"})),
    ]
    assert said[0].replace("asha.rao", "x") == said[1].replace("nobody", "x")
    assert "not right" in said[0]


def test_guessing_is_slowed_down(client, guest):
    """A2: ten tries an hour for one account, the right password does not help then."""
    for _ in range(10):
        assert client.post(SIGN_IN, {"email": guest.email, "password": "wrong"}).status_code == 401
    answer = client.post(SIGN_IN, {"email": guest.email, "password": PASSWORD})
    assert answer.status_code == 429 and answer["Retry-After"]
    assert client.get("/profile").status_code == 302


@pytest.mark.parametrize(
    ("wanted", "where"),
    [
        ("/stays/PW-7K3M9QX2BD", "/stays/PW-7K3M9QX2BD"),
        ("//evil.example", "/stays"),
        ("https://evil.example/", "/stays"),
        ("/\\evil.example", "/stays"),
        ("https:evil.example", "/stays"),
        ("javascript:alert(1)", "/stays"),
    ],
)
def test_only_own_pages_are_gone_to(client, guest, wanted, where):
    """I7: no open redirect."""
    answer = client.post(SIGN_IN, {"email": guest.email, "password": PASSWORD, "next": wanted})
    assert answer["Location"] == where


def test_signing_out_takes_a_post(client, guest):
    client.force_login(guest)
    assert client.get("/sign-out").status_code == 405
    assert client.get("/profile").status_code == 200
    assert client.post("/sign-out").status_code == 303
    assert client.get("/profile").status_code == 302


def test_signing_in_needs_the_token_of_our_own_page(guest):
    """I8: login CSRF."""
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(SIGN_IN, {"email": guest.email, "password": PASSWORD}).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_registering_makes_an_account_that_the_code_of_the_mail_opens(client, code_from_mail):
    wish = {"first_name": "Mira", "email": "Mira@Example.com", "password": "three calm words", "next": "/profile"}
    answer = client.post("/register", wish)
    assert (answer.status_code, answer["Location"]) == (303, CODE)
    made = User.objects.get()
    assert (made.email, made.email_verified_at) == ("mira@example.com", None)
    assert client.get("/profile").status_code == 302, "not before the address is proven"
    assert client.post(CODE, {"code": "000000"}).status_code == 400
    answer = client.post(CODE, {"code": code_from_mail("mira@example.com")})
    assert (answer.status_code, answer["Location"]) == (303, "/profile")
    made.refresh_from_db()
    assert made.email_verified_at is not None and client.get("/profile").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_registering_a_known_address_changes_nothing_and_looks_the_same(client, guest, drain):
    """A8, A14: the page is the one of a new address; the letter tells the owner."""
    wish = {"first_name": "Thief", "password": "three calm words"}
    said = []
    for email in (guest.email, "new@example.com"):
        answer = Client().post("/register", {**wish, "email": email}, follow=True)
        said.append((answer.redirect_chain, words(answer).replace(email, "x")))
    assert said[0] == said[1]
    guest.refresh_from_db()
    assert guest.first_name == "Asha" and guest.check_password(PASSWORD)
    drain("knock", "message")
    letter = next(one for one in mail.outbox if one.to == [guest.email])
    assert "account already" in letter.subject and not re.search(r"\b\d{6}\b", letter.body)


@pytest.mark.parametrize("password", ["short", "password1", "asha.rao@pema.example"])
def test_a_weak_password_is_refused_with_the_values_kept(client, password):
    answer = client.post("/register", {"first_name": "Asha", "email": "asha.rao@pema.example", "password": password})
    assert answer.status_code == 400
    text = answer.content.decode()
    assert 'value="Asha"' in text
    assert 'type="password"' in text and f'name="password" value="{password}"' not in text
    assert not User.objects.exists()


def test_the_profile_is_saved(client, guest):
    client.force_login(guest)
    client.post("/profile", {"first_name": "Asha", "last_name": "Rao", "phone": "+91 98765 43210"})
    guest.refresh_from_db()
    assert guest.phone == "+91 98765 43210"


def test_the_profile_cannot_make_staff(client, guest):
    """Z7: fields that are not offered are not taken."""
    client.force_login(guest)
    client.post("/profile", {"first_name": "Asha", "is_staff": "on", "is_superuser": "on", "email": "x@y.example"})
    guest.refresh_from_db()
    assert (guest.is_staff, guest.is_superuser, guest.email) == (False, False, "asha.rao@pema.example")


def test_a_new_password_ends_all_other_sessions(client, guest):
    """A7: this browser stays signed in, every other one does not."""
    other = Client()
    other.force_login(guest)
    client.force_login(guest)
    wrong = client.post("/profile/password", {"current": "wrong", "password": "four more calm words"})
    assert wrong.status_code == 400
    answer = client.post("/profile/password", {"current": PASSWORD, "password": "four more calm words"})
    assert answer.status_code == 303
    assert client.get("/profile").status_code == 200
    assert other.get("/profile").status_code == 302


def test_signing_out_everywhere(client, guest):
    other = Client()
    other.force_login(guest)
    client.force_login(guest)
    client.post("/profile/sign-out-everywhere")
    assert (client.get("/profile").status_code, other.get("/profile").status_code) == (302, 302)


@pytest.mark.django_db(transaction=True)
def test_a_forgotten_password_is_replaced_by_the_link_of_a_mail(client, guest, settings, drain):
    other = Client()
    other.force_login(guest)
    client.post("/password/forgot", {"email": guest.email}, HTTP_HOST="testserver")
    assert mail.outbox == [], "the request only promises the letter"
    drain("knock", "message")
    letter = mail.outbox[0]
    assert letter.to == [guest.email]
    link = re.search(r"http\S+/password/new/\S+", letter.body).group(0)
    assert link.startswith(settings.SITE_URL)
    page = client.get(link.removeprefix(settings.SITE_URL), follow=True)
    address = page.redirect_chain[-1][0]
    assert client.post(address, {"password": "short"}).status_code == 400
    assert client.post(address, {"password": "four more calm words"}).status_code == 303
    guest.refresh_from_db()
    assert guest.check_password("four more calm words")
    assert other.get("/profile").status_code == 302
    again = client.get(link.removeprefix(settings.SITE_URL), follow=True)
    assert "does not open any more" in words(again)


@pytest.mark.django_db(transaction=True)
def test_asking_for_a_new_password_tells_nothing(client, guest, other_guest, drain):
    """A8: one page for a guest, a stranger and a closed account; one row each, and one letter."""
    known = client.post("/password/forgot", {"email": guest.email}, follow=True)
    unknown = client.post("/password/forgot", {"email": "nobody@pema.example"}, follow=True)
    User.objects.filter(pk=other_guest.pk).update(is_active=False)
    gone = client.post("/password/forgot", {"email": other_guest.email}, follow=True)
    assert words(known) == words(unknown) == words(gone)
    assert mail.outbox == [] and not Message.objects.exists() and Knock.objects.count() == 3
    drain("knock", "message")
    assert [one.to for one in mail.outbox] == [[guest.email]]


def test_mails_for_a_new_password_have_a_limit(client, guest):
    """D7: five an hour for one address."""
    codes = [client.post("/password/forgot", {"email": guest.email}).status_code for _ in range(7)]
    assert codes == [303] * 5 + [429] * 2
    assert Knock.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_nobody_of_the_staff_reads_the_link_of_a_new_password(client, guest, front_desk):
    """D7: staff see that the letter was promised; its link would open the account to whoever reads it."""
    client.post("/password/forgot", {"email": guest.email})
    work.drain("knock")
    letter = Message.objects.get(template="password_reset")
    desk = Client()
    desk.force_login(front_desk)
    for page in ("change", "preview", "letter"):
        shown = desk.get(f"/admin/notifications/message/{letter.pk}/{page}/", follow=True)
        assert whole(letter)["link"] not in shown.content.decode()


def test_a_session_of_a_guest_survives_signing_in(client, stays, guest):
    """A stay opened by its link is still there after signing in."""
    from bookings.domain import access as links

    stay = stays.held(email="x@example.com")
    client.get(links.link(stay.reference).removeprefix("http://testserver"))
    client.post(SIGN_IN, {"email": guest.email, "password": PASSWORD})
    assert client.get(f"/stays/{stay.reference}").status_code == 200
    client.post("/sign-out")
    assert client.get(f"/stays/{stay.reference}").status_code == 404


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/unsubscribe/bad", "stop our news and offers"),
        ("/account/keep/bad", "keep an account that was"),
    ],
)
def test_a_broken_link_says_what_it_was_for(client, db, address, words):
    for answer in (client.get(address), client.post(address)):
        assert answer.status_code == 404 and words in answer.content.decode()
    assert not ConsentRecord.objects.exists()


@pytest.mark.parametrize("page", ["accounts:sign-in", "accounts:register"])
def test_empty_fields_are_told_in_words(client, db, page):
    text = client.post(reverse(page), {}).content.decode()
    assert "Write your e-mail address." in text and "This field is required" not in text
    assert not User.objects.exists()
