"""What an erasure and the nightly work must not leave behind, or leave undone (L6, L7)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.domain.privacy import erasure
from accounts.models import ErasureRequest, User
from accounts.tasks import forget_expired_sessions
from config.tests.cast import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def stones(settings, tmp_path):
    settings.PRIVACY_TOMBSTONES = str(tmp_path / "tombstones.jsonl")
    return tmp_path / "tombstones.jsonl"


def forget(user: User, drain) -> ErasureRequest:
    """The notice is over and the worker has been there."""
    row = erasure.ask(user, at=timezone.now())
    ErasureRequest.objects.filter(pk=row.pk).update(due_at=timezone.now() - timedelta(seconds=1))
    drain(erasure.KIND)
    row.refresh_from_db()
    assert row.state == "erased"
    return row


def written_in_sessions() -> str:
    return repr([one.get_decoded() for one in Session.objects.all()])


# --- sessions of the web --------------------------------------------------------------------------------------------


def test_what_a_guest_typed_goes_with_her_account_and_no_other_session_does(client, guest, other_guest, drain):
    User.objects.filter(pk=guest.pk).update(email_verified_at=timezone.now())
    client.force_login(other_guest)
    theirs = client.session.session_key
    mine = client.__class__()
    assert mine.post("/sign-in", {"email": guest.email, "password": PASSWORD}).status_code in (302, 303)
    session = mine.session
    session["drafts"] = {"one": {"name": "CANARYNAME", "email": "canary@example.com"}}
    session.save()
    assert "CANARYNAME" in written_in_sessions()
    forget(guest, drain)
    assert "CANARYNAME" not in written_in_sessions()
    assert Session.objects.filter(session_key=theirs).exists()


def test_a_session_whose_day_is_over_goes_with_what_stands_in_it(client):
    session = client.session
    session["drafts"] = {"one": {"name": "CANARYNAME"}}
    session.save()
    forget_expired_sessions()
    assert "CANARYNAME" in written_in_sessions()
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    forget_expired_sessions()
    assert not Session.objects.exists()
