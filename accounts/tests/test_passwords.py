"""A forgotten password over the API."""

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.domain import passwords, tokens
from accounts.models import User
from config.tests.api_cast import codes
from config.tests.cast import PASSWORD
from core.errors import Invalid

NEW = "another-long-password"


def test_from_forgetting_to_a_new_password(api, guest, post, settings):
    """A8, A12, A13: the same answer for everybody; the link is ours, good once, and ends every session."""
    pair = tokens.issue(guest, at=timezone.now())
    evil = {"X-Forwarded-Host": "evil.example"}
    known = api().post("auth/password/forgot", {"email": guest.email}, **evil)
    unknown = api().post("auth/password/forgot", {"email": "nobody@example.com"}, **evil)
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content) == (200, known.content)
    assert not post.links, "the request itself looks nobody up"
    post.work()
    assert len(post.links) == 1 and post.links[0].startswith(f"{settings.SITE_URL}/")
    key = [part for part in post.links[0].split("/") if part][-1]
    weak = api().post("auth/password/reset", {"key": key, "password": "short"})
    assert (weak.status_code, codes(weak)) == (400, ["weak_password"])
    assert api().post("auth/password/reset", {"key": key, "password": NEW}).status_code == 204
    again = api().post("auth/password/reset", {"key": key, "password": NEW + "2"})
    assert (again.status_code, codes(again)) == (400, ["bad_link"])
    with pytest.raises(tokens.NotSignedIn):
        tokens.holder(pair.access)
    assert api().post("auth/login", {"email": guest.email, "password": PASSWORD}).status_code == 401
    assert api().post("auth/login", {"email": guest.email, "password": NEW}).status_code == 200
    assert post.notices[-1]["notice"] == "password_changed"


@pytest.mark.parametrize("key", ["", "-", "x", "1-", "zz-abc", "é-é", "1" * 30 + "-a", "-1-abc", "1-" + "x" * 150])
def test_broken_keys(api, guest, key):
    answer = api().post("auth/password/reset", {"key": key, "password": NEW})
    assert answer.status_code == 400
    assert User.objects.get(pk=guest.pk).check_password(PASSWORD)


def reset_at_once(key):
    answers, start = [], threading.Barrier(2)

    def run(number):
        start.wait()
        try:
            answers.append(passwords.reset(key, f"{NEW}-{number}", at=timezone.now()))
        except Invalid as error:
            answers.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [isinstance(one, User) for one in answers]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_parallel_uses_of_a_link_give_one_password(guest):
    """A13: one of two wins."""
    for _ in range(3):
        assert sorted(reset_at_once(passwords.key(User.objects.get(pk=guest.pk)))) == [False, True]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_would_win(guest, monkeypatch):
    """A13, negative control: look, wait, write."""
    both = threading.Barrier(2)

    def unlocked(uid):
        user = User.objects.filter(pk=guest.pk).first()
        both.wait(5)
        return user

    monkeypatch.setattr(passwords, "_behind", unlocked)
    monkeypatch.setattr(passwords.people, "check_password_strength", lambda *a: None)
    assert reset_at_once(passwords.key(guest)) == [True, True]


def test_a_wish_that_is_rolled_back_was_never_heard(guest, post):
    from accounts.models import Knock

    with pytest.raises(RuntimeError), transaction.atomic():
        passwords.forgot(guest.email, address="1.1.1.1", at=timezone.now())
        raise RuntimeError
    assert not Knock.objects.exists()
