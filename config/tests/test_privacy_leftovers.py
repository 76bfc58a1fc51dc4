"""What an erasure and the nightly work must not leave behind, or leave undone (L6, L7)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from celery import current_app
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.domain import tokens
from accounts.domain.privacy import erasure, retention, tombstones
from accounts.models import ContactChange, ErasureRequest, LegalHold, RefreshToken, RetentionRule, Tombstone, User
from accounts.tasks import forget_expired_sessions, forget_old_codes
from audit.forgetting import blank_of, holds_words
from audit.models import History
from audit.redaction import event_models, kept_fields
from backoffice.menus import navigation
from bookings.models import Guest
from config.tests.cast import PASSWORD
from core import work
from core.actors import SYSTEM, Actor
from core.errors import Invalid, Missing
from medical.domain import forgetting
from medical.models import ArrivalExamination, MedicalForm
from notifications.domain import codes
from notifications.models import MailboxItem, Message
from notifications.privacy import sweep_codes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def stones(settings, tmp_path):
    settings.PRIVACY_TOMBSTONES = str(tmp_path / "tombstones.jsonl")
    return tmp_path / "tombstones.jsonl"


@pytest.fixture
def administrator(db) -> User:
    return User.objects.create_superuser("administrator@example.com", PASSWORD)


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


# --- messages -------------------------------------------------------------------------------------------------------

NUMBER, BEFORE, LENT = "+919800011122", "canary-before@example.com", "canary-lent@example.com"


def code_to(channel: str, to: str, *, at) -> Message:
    expires = at + timedelta(minutes=5)
    return codes.promise(
        channel, to, "123456", name="CANARYNAME", language="en", expires_at=expires, purpose="sign_in", at=at
    )


def named() -> set[str]:
    return set(Message.objects.values_list("recipient", flat=True)) - {"erased@erased.invalid"}


def test_an_erasure_finds_codes_at_the_number_and_at_addresses_of_before(guest, other_guest, drain, now):
    """L6: and leaves what goes to an address that is somebody else's by now."""
    User.objects.filter(pk=guest.pk).update(email_verified_at=now, phone_e164=NUMBER, phone_verified_at=now)
    User.objects.filter(pk=other_guest.pk).update(email=LENT)
    for old in (BEFORE, LENT):
        ContactChange.objects.create(
            user=guest,
            kind="email",
            old=old,
            old_verified_at=now,
            new=guest.email,
            confirmed_at=now,
            undo_digest=old,
            undo_until=now,
        )
    for channel, to in (("sms", NUMBER), ("email", BEFORE), ("email", LENT)):
        code_to(channel, to, at=now)
    MailboxItem.objects.create(channel="sms", sender="Pema", recipients=NUMBER, subject="Code", text="for CANARYNAME")
    forget(User.objects.get(pk=guest.pk), drain)
    assert not named() & {NUMBER, BEFORE} and LENT in named()
    assert not MailboxItem.objects.filter(recipients__contains=NUMBER).exists()
    assert not Message.objects.filter(recipient="erased@erased.invalid", context__guest_name="CANARYNAME").exists()


def test_a_code_that_is_over_names_nobody(db, now):
    """A stranger's as well: whoever opened a stay by a code has no account to erase."""
    over, waiting, fresh = (code_to("sms", f"+9198000111{n}", at=now) for n in (10, 20, 30))
    past = timezone.now() - timedelta(seconds=1)
    Message.objects.filter(pk=over.pk).update(work_state="done", expires_at=past)
    Message.objects.filter(pk=waiting.pk).update(expires_at=past)
    Message.objects.filter(pk=fresh.pk).update(work_state="done")
    assert sweep_codes() == 1 and sweep_codes() == 0
    over.refresh_from_db()
    assert (over.recipient_name, over.context) == ("", {})
    assert named() == {waiting.recipient, fresh.recipient}


def test_every_column_of_every_event_table_has_an_empty_value():
    """L6: a column that may not be empty and has no default does not stop an erasure."""
    for event in event_models():
        for field in kept_fields(event):
            if holds_words(field) and not field.null:
                assert blank_of(field) is not None, f"{event._meta.label}.{field.name}"


# --- the list of those erased ---------------------------------------------------------------------------------------


def test_a_line_that_could_not_be_written_is_written_later(guest, drain, stones, monkeypatch):
    """L6: a full disk undoes no erasure, and the sweep makes up for it; a torn line takes nothing with it."""
    stones.write_text('{"person": "torn')

    def full(stones):
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(tombstones, "_append", full)
        forget(guest, drain)
        assert tombstones.write_missing() == 0
    stone = Tombstone.objects.get()
    assert stone.written_at is None and stone.erased_at and not list(tombstones.read(stones))
    assert work.Registry.sweeps["tombstones"]() == 1
    stone.refresh_from_db()
    assert stone.written_at and [(one[0], one[1]) for one in tombstones.read(stones)] == [
        (guest.public_id, tombstones.digest(guest.email))
    ]
    assert tombstones.write_missing() == 0 and len(stones.read_text().splitlines()) == 2


def test_the_line_stands_as_soon_as_the_erasure_does(guest, drain, stones):
    forget(guest, drain)
    assert Tombstone.objects.get().written_at and len(list(tombstones.read(stones))) == 1


# --- the nightly work -----------------------------------------------------------------------------------------------


def hold_of(user: User, code: str, until) -> LegalHold:
    row, _ = ErasureRequest.objects.get_or_create(user=user, key=f"erasure:{user.pk}", defaults={"state": "erased"})
    return LegalHold.objects.create(request=row, code=code, subject=f"{code}:{user.pk}", words="kept", until=until)


def test_a_hold_that_fails_stops_nobody_and_each_person_is_erased_once(guest, other_guest, monkeypatch, now):
    """L6: the first person cannot be erased tonight; the second one, with two holds, can, and once is enough."""
    yesterday = (now - timedelta(days=1)).date()
    stuck = hold_of(guest, "tax", yesterday - timedelta(days=1))
    due = [hold_of(other_guest, code, yesterday) for code in ("tax", "medical")]
    later = hold_of(other_guest, "open-money", (now + timedelta(days=9)).date())
    erased: list[int] = []

    def again(user: User, *, at) -> int:
        erased.append(user.pk)
        if user == guest:
            raise RuntimeError("this record does not open")
        return 0

    monkeypatch.setattr(erasure, "again", again)
    assert erasure.release_due(at=now) == 2
    assert erased == [guest.pk, other_guest.pk]
    assert set(LegalHold.objects.filter(released_at__isnull=True)) == {stuck, later}
    assert set(LegalHold.objects.filter(released_at__isnull=False)) == set(due)


def test_the_three_nightly_works_do_not_wait_for_one_another(settings):
    """L6, L7: each is a task of its own; what has a rule of retention goes by nothing else."""
    nightly = {"release_holds", "apply_retention", "look_for_cards"}
    listed = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert {f"accounts.tasks.{name}" for name in nightly} <= listed
    current_app.loader.import_default_modules()
    assert listed <= set(current_app.tasks)


def test_the_table_decides_how_long_ended_sign_ins_are_kept(guest, now):
    """L7: thirty days as the table says, and not a day by an hourly job beside it."""
    tokens.issue(guest, at=now)
    RefreshToken.objects.update(expires_at=now - timedelta(days=20))
    forget_old_codes()
    retention.apply(at=now)
    assert RefreshToken.objects.count() == 1
    RetentionRule.objects.filter(code="sign-in-tokens").update(days=10)
    retention.apply(at=now)
    assert not RefreshToken.objects.exists()


# --- the table, the record, the menu --------------------------------------------------------------------------------


def test_a_changed_rule_and_its_history_are_one(administrator, monkeypatch, now):
    """L7: without the row that says so nothing is changed; what is no number of days is refused."""
    rule = retention.stored("messages")
    by = Actor.of(administrator)
    wish = {"days": 30, "basis": "A shorter need.", "active": False, "by": by, "at": now}

    def fails(*args, **kwargs):
        raise RuntimeError("no history")

    with monkeypatch.context() as patch:
        patch.setattr(retention.news, "tell", fails)
        with pytest.raises(RuntimeError):
            retention.change("messages", **wish)
    for code, days in (("messages", 0), ("messages", 36501), ("nothing-such", 30)):
        with pytest.raises((Invalid, Missing)):
            retention.change(code, **{**wish, "days": days})
    assert RetentionRule.objects.get(pk=rule.pk).days == rule.days and not RetentionRule.objects.filter(days=30)
    assert not History.objects.filter(event="rule changed").exists()
    retention.change("messages", **wish)
    row = History.objects.get(event="rule changed")
    assert (row.subject, row.actor_id) == ("retention:messages", administrator.pk)
    assert row.data == {"before": {"days": rule.days, "active": True}, "after": {"days": 30, "active": False}}


def test_the_examination_stays_while_a_form_of_the_stay_is_kept(stays, guest, doctor, now):
    """L7: a companion's draft that goes does not empty what the doctor wrote about the guest."""
    stay = stays.in_review(user=guest)
    kept = stays.form(stay)
    second = Guest.objects.create(booking=stay, room=stay.rooms.first(), name="Second", position=7)
    draft = MedicalForm.objects.create(
        booking=stay, questionnaire=kept.questionnaire, guest=second, answers=kept.answers
    )
    ArrivalExamination.objects.create(booking=stay, doctor=doctor, note=kept.answers, outcome="admit")
    forgetting.forget(MedicalForm.objects.filter(pk=draft.pk), why="retention", by=SYSTEM, at=now)
    assert ArrivalExamination.objects.get().note
    forgetting.forget(MedicalForm.objects.filter(pk=kept.pk), why="retention", by=SYSTEM, at=now)
    assert ArrivalExamination.objects.get().note == ""


@pytest.mark.parametrize(("page", "lit"), [("", "Privacy desk"), ("who-saw/", "Who saw what")])
def test_one_entry_of_the_menu_is_lit(administrator, rf, page, lit):
    path = f"/admin/privacy/{page}"
    request = rf.get(path)
    request.user = administrator
    items = [
        item for group in navigation(request) for item in group["items"] if item["link"].startswith("/admin/privacy/")
    ]
    assert len(items) == 2
    shining = [str(item["title"]) for item in items if item.get("active", path.startswith(item["link"]))]
    assert shining == [lit]
