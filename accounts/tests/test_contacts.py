"""Another address, another number: with proof, confirmed at the new place, undone from the old one."""

from datetime import timedelta
from urllib.parse import urlparse

import pytest
from django.utils import timezone

from accounts.domain import contacts, proofs, tokens
from accounts.models import Challenge, ContactChange, User
from config.tests.api_cast import codes
from config.tests.cast import PASSWORD
from core.actors import Actor
from core.errors import Conflict, Invalid, NotAllowed

NEW = "asha@elsewhere.example"
PHONE = "+919876543210"


@pytest.fixture
def mine(api, guest):
    User.objects.filter(pk=guest.pk).update(email_verified_at=timezone.now())
    guest.refresh_from_db()
    return api(guest)


def prove(mine, password=PASSWORD):
    return mine.post("auth/proof", {"password": password}).json()["proof"]


def changed(mine, post, email=NEW):
    challenge = mine.post("auth/email", {"email": email, "proof": prove(mine)}).json()["challenge"]
    answer = mine.post("auth/email/confirm", {"challenge": challenge, "code": post.code})
    assert answer.status_code == 200
    return answer.json()


def undo_key(post):
    return urlparse(post.notices[-1]["context"]["link"]).path.rpartition("/")[2]


def test_a_new_address_from_asking_to_undoing(mine, guest, post, api, settings):
    """A16: proof, a code to the new one, a letter to the old one, and an undo that throws everybody out."""
    given = changed(mine, post)
    assert (given["email"], given["email_verified"]) == (NEW, True)
    assert (post.codes[-1]["to"], post.codes[-1]["purpose"]) == (NEW, "email")
    told = post.notices[-1]
    assert (told["notice"], told["to"]) == ("email_changing", "asha.rao@pema.example")
    assert told["context"]["link"].startswith(f"{settings.SITE_URL}/account/undo/")
    undone = api().post("auth/contact/undo", {"key": undo_key(post)})
    assert undone.status_code == 204
    guest.refresh_from_db()
    assert guest.email == "asha.rao@pema.example" and guest.email_verified_at
    assert mine.get("auth/me").status_code == 401, "every session is over"
    assert api().post("auth/login", {"email": guest.email, "password": PASSWORD}).status_code == 401
    again = api().post("auth/contact/undo", {"key": undo_key(post)})
    assert (again.status_code, codes(again)) == (400, ["bad_link"])


def test_the_undo_page_changes_nothing_by_looking(client, mine, guest, post):
    """I8: GET shows, POST does, and both work without signing in."""
    changed(mine, post)
    path = urlparse(post.notices[-1]["context"]["link"]).path
    for _ in range(2):
        page = client.get(path)
        assert page.status_code == 200 and "Take it back" in page.content.decode()
    assert User.objects.get(pk=guest.pk).email == NEW
    assert client.post(path)["Location"] == "/sign-in"
    assert User.objects.get(pk=guest.pk).email == "asha.rao@pema.example"
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("proof", ["none", "nonsense", "another person's", "old", "of before a sign-out"])
def test_without_a_fresh_proof_nothing_moves(mine, guest, other_guest, post, api, now, proof):
    """A16: a stolen token alone changes no address."""
    given = {
        "none": lambda: None,
        "nonsense": lambda: "abc:def:ghi",
        "another person's": lambda: proofs.ticket(other_guest, proofs.Proof(other_guest.pk, now)),
        "old": lambda: proofs.ticket(guest, proofs.Proof(guest.pk, now - timedelta(minutes=11))),
        "of before a sign-out": lambda: proofs.ticket(User(pk=guest.pk, session_epoch=99), proofs.Proof(guest.pk, now)),
    }[proof]()
    body = {"email": NEW} if given is None else {"email": NEW, "proof": given}
    answer = mine.post("auth/email", body)
    assert (answer.status_code, codes(answer)) == (403, ["proof_needed"])
    assert not ContactChange.objects.exists() and not Challenge.objects.exists()
    assert not post.codes and not post.notices


def test_proof_by_password_and_by_code(mine, guest, post):
    wrong = mine.post("auth/proof", {"password": "wrong"})
    assert (wrong.status_code, codes(wrong)) == (403, ["not_proven"])
    assert codes(mine.post("auth/proof/code", {"channel": "sms"})) == ["nothing_proven"]
    challenge = mine.post("auth/proof/code", {"channel": "email"}).json()["challenge"]
    assert post.codes[-1]["to"] == guest.email
    assert codes(mine.post("auth/proof", {"challenge": challenge, "code": post.wrong})) == ["bad_code"]
    given = mine.post("auth/proof", {"challenge": challenge, "code": post.code})
    assert given.status_code == 200
    assert mine.post("auth/email", {"email": NEW, "proof": given.json()["proof"]}).status_code == 201
    for body in ({}, {"password": "x", "challenge": challenge, "code": "123456"}, {"challenge": challenge}):
        assert mine.post("auth/proof", body).status_code == 400


def test_somebody_elses_address_looks_the_same_and_no_code_goes_out(mine, guest, other_guest, post):
    """A8, A14: a signed-in person cannot find out who has an account, nor take it over."""
    free = mine.post("auth/email", {"email": NEW, "proof": prove(mine)})
    sent = len(post.codes)
    taken = mine.post("auth/email", {"email": other_guest.email, "proof": prove(mine)})
    assert (taken.status_code, set(taken.json())) == (free.status_code, set(free.json()))
    assert len(post.codes) == sent
    for code in ("000000", post.code):
        answer = mine.post("auth/email/confirm", {"challenge": taken.json()["challenge"], "code": code})
        assert codes(answer) == ["bad_code"]
    guest.refresh_from_db()
    assert guest.email == "asha.rao@pema.example"


def test_an_address_taken_meanwhile_is_a_polite_refusal(mine, guest, post):
    challenge = mine.post("auth/email", {"email": NEW, "proof": prove(mine)}).json()["challenge"]
    User.objects.create_user(NEW, "x", first_name="N")
    answer = mine.post("auth/email/confirm", {"challenge": challenge, "code": post.code})
    assert (answer.status_code, codes(answer)) == (409, ["contact_taken"])
    guest.refresh_from_db()
    assert guest.email == "asha.rao@pema.example"
    assert ContactChange.objects.get().confirmed_at is None


def test_undone_before_it_was_confirmed(mine, guest, post, now):
    challenge = mine.post("auth/email", {"email": NEW, "proof": prove(mine)}).json()["challenge"]
    code = post.code
    contacts.undo(undo_key(post), at=now)
    user = User.objects.get(pk=guest.pk)
    with pytest.raises(Invalid):
        contacts.confirm(user, "email", challenge, code, at=timezone.now())
    assert User.objects.get(pk=guest.pk).email == "asha.rao@pema.example"


def test_the_first_undo_takes_a_chain_of_changes_back(mine, guest, post, now):
    """A16: a thief who moves the address twice gains nothing, and his own undo link is of no use."""
    changed(mine, post)
    first = undo_key(post)
    changed(mine, post, "thief@elsewhere.example")
    thiefs = undo_key(post)
    contacts.undo(first, at=timezone.now())
    assert User.objects.get(pk=guest.pk).email == "asha.rao@pema.example"
    with pytest.raises(Invalid):
        contacts.undo(thiefs, at=timezone.now())


def test_the_undo_link_ends_after_a_day(mine, guest, post):
    changed(mine, post)
    with pytest.raises(Invalid):
        contacts.undo(undo_key(post), at=timezone.now() + timedelta(hours=24))
    assert User.objects.get(pk=guest.pk).email == NEW


def test_the_own_address_is_confirmed_without_a_proof(api, guest, post):
    """Registered over the API: the code of the first letter, or of a second one, proves the address."""
    User.objects.filter(pk=guest.pk).update(email_verified_at=None)
    mine = api(guest)
    assert mine.get("auth/me").json()["email_verified"] is False
    challenge = mine.post("auth/email", {"email": guest.email}).json()["challenge"]
    assert not post.notices and not ContactChange.objects.exists()
    answer = mine.post("auth/email/confirm", {"challenge": challenge, "code": post.code})
    assert answer.json()["email_verified"] is True
    assert codes(mine.post("auth/email", {"email": guest.email})) == ["same_contact"]


def test_registering_over_the_api_proves_the_address(api, post):
    body = {"email": "new@example.com", "password": "a-long-enough-password", "first_name": "Nila"}
    challenge = api().post("auth/register", body).json()["challenge"]
    post.work()
    mine = api(User.objects.get(email="new@example.com"))
    assert mine.post("auth/email/confirm", {"challenge": challenge, "code": post.code}).json()["email_verified"] is True


def test_a_telephone_number(mine, guest, other_guest, post):
    User.objects.filter(pk=other_guest.pk).update(phone_e164=PHONE, phone_verified_at=timezone.now())
    taken = mine.post("auth/phone", {"phone": PHONE, "proof": prove(mine)})
    assert taken.status_code == 201 and not post.codes
    asked = mine.post("auth/phone", {"phone": "98765 43211", "proof": prove(mine)})
    assert (post.codes[-1]["channel"], post.codes[-1]["to"]) == ("sms", "+919876543211")
    assert (post.notices[-1]["notice"], post.notices[-1]["to"]) == ("phone_changing", guest.email)
    wrong_kind = mine.post("auth/email/confirm", {"challenge": asked.json()["challenge"], "code": post.code})
    assert codes(wrong_kind) == ["bad_code"]
    done = mine.post("auth/phone/confirm", {"challenge": asked.json()["challenge"], "code": post.code}).json()
    assert (done["phone"], done["phone_verified"]) == ("+919876543211", True)
    mine.patch("auth/me", {"phone": "+919876500000"})
    assert mine.get("auth/me").json()["phone_verified"] is False, "typed, not proven"


def test_of_two_accounts_one_proves_a_number(mine, guest, other_guest, post, now):
    proof = proofs.Proof(guest.pk, now)
    challenge = contacts.ask_to_change(guest, phone=PHONE, by=Actor.of(guest), at=now, proof=proof)
    User.objects.filter(pk=other_guest.pk).update(phone_e164=PHONE, phone_verified_at=now)
    with pytest.raises(Conflict):
        contacts.confirm(guest, "phone", challenge.public_id, post.code, at=now)
    guest.refresh_from_db()
    assert guest.phone_e164 == ""


def test_another_persons_proof_is_none(guest, other_guest, now):
    with pytest.raises(NotAllowed):
        contacts.ask_to_change(guest, email=NEW, by=Actor.of(guest), at=now, proof=proofs.Proof(other_guest.pk, now))


def test_a_reset_link_dies_with_the_address(mine, guest, post):
    """A13: a link to the old address opens nothing after the change."""
    from accounts.domain import passwords

    key = passwords.key(guest)
    changed(mine, post)
    with pytest.raises(Invalid):
        passwords.reset(key, "another-long-password", at=timezone.now())
    assert tokens.issue(User.objects.get(pk=guest.pk), at=timezone.now()).user.check_password(PASSWORD)


def test_many_accounts_of_one_address_pump_no_messages(api, db, post):
    """D7: at most 20 codes an hour go out for one address, whichever accounts ask for them."""
    sent = []
    for one in range(5):
        person = User.objects.create_user(f"pump{one}@pema.example", PASSWORD, first_name="Pump")
        mine = api(person)
        proof = prove(mine)
        for two in range(5):
            sent.append(mine.post("auth/phone", {"phone": f"+9198765{one}{two}000", "proof": proof}).status_code)
    assert sent == [201] * 20 + [429] * 5
