"""The privacy desk over the whole house: consent, copy, correction, being forgotten, retention (L5-L8, Z10, D5)."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.domain import people
from accounts.domain.privacy import consents, corrections, erasure, export, retention, tombstones
from accounts.domain.privacy.consents import Origin
from accounts.domain.privacy.who import person_of
from accounts.models import (
    Companion,
    ConsentRecord,
    CorrectionRequest,
    ErasureRequest,
    ExportPack,
    LegalHold,
    Tombstone,
    User,
)
from audit.models import AccessLog, History
from bookings.domain import favourites, lifecycle
from bookings.models import Guest, StayBooking
from bookings.states import State
from config.tests.cast import AGREEMENT, ANSWERS, PASSWORD
from core.actors import SYSTEM, Actor
from core.errors import Conflict, Invalid, Missing, NotAllowed
from medical.domain import consents as health
from medical.domain import forms, reading
from medical.models import MedicalForm
from medical.permissions import may_review
from notifications.models import Message
from notifications.privacy import sweep_farewells

pytestmark = pytest.mark.django_db(transaction=True)
WEB = Origin(ConsentRecord.Door.WEB, "203.0.113.9", "Firefox")
SECRET = "CANARY-heart-murmur"


@pytest.fixture(autouse=True)
def stones(settings, tmp_path):
    settings.PRIVACY_TOMBSTONES = str(tmp_path / "tombstones.jsonl")


@pytest.fixture
def asha(guest) -> User:
    """A guest with everything that a profile can hold, each with a word that is found nowhere else."""
    User.objects.filter(pk=guest.pk).update(
        email="canary-mail@example.com",
        first_name="CANARYFIRST",
        last_name="CANARYLAST",
        phone="+919800011122",
        address="CANARYSTREET 5",
        diet="CANARYDIET",
        emergency_contact="CANARYUNCLE",
        email_verified_at=timezone.now(),
    )
    Companion.objects.create(user=guest, name="CANARYCOMPANION", relation="friend")
    return User.objects.get(pk=guest.pk)


def over(stay: StayBooking) -> StayBooking:
    """The stay has been lived and is over, long ago enough that nothing about it is open."""
    StayBooking.objects.filter(pk=stay.pk).update(
        state=State.COMPLETED, check_in=stay.check_in - timedelta(60), check_out=stay.check_out - timedelta(60)
    )
    return StayBooking.objects.get(pk=stay.pk)


def due(row: ErasureRequest) -> ErasureRequest:
    ErasureRequest.objects.filter(pk=row.pk).update(due_at=timezone.now() - timedelta(seconds=1))
    return ErasureRequest.objects.get(pk=row.pk)


def everything() -> str:
    """The whole database as text: each row of each table of ours."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        found = []
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')
            found += [f"{table}: {row[0]}" for row in cursor.fetchall()]
    return "\n".join(found)


def told_by(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


# --- consent --------------------------------------------------------------------------------------------------------


def test_a_no_holds_at_once_and_the_proof_stays(asha, now):
    """L5: what, which words, when, from where; each click is a row, and none is ever changed."""
    by = Actor.of(asha)
    consents.decide(asha, {"offers": True, "photos": True}, origin=WEB, by=by, at=now)
    assert consents.allows(asha, "offers") and User.objects.get(pk=asha.pk).marketing_consent
    consents.decide(asha, {"offers": False}, origin=WEB, by=by, at=now + timedelta(seconds=1))
    assert not consents.allows(asha, "offers") and not User.objects.get(pk=asha.pk).marketing_consent
    assert consents.allows(asha, "photos")
    rows = list(ConsentRecord.objects.filter(user=asha, purpose="offers").order_by("id"))
    assert [(row.granted, row.text_version, row.ip, row.user_agent) for row in rows] == [
        (True, "2026-11", "203.0.113.9", "Firefox"),
        (False, "2026-11", "203.0.113.9", "Firefox"),
    ]
    assert "quiet weeks" in rows[0].text


def test_a_tick_at_registration_is_a_consent_with_its_proof(db, now):
    """L5: and for an address that is known nothing is written."""
    for _ in range(2):
        people.register(
            "new@example.com", PASSWORD, address="203.0.113.9", at=now, first_name="N", marketing_consent=True
        )
    user = User.objects.get(email="new@example.com")
    record = ConsentRecord.objects.get()
    assert (record.user, record.door, record.ip, user.marketing_consent) == (user, "register", "203.0.113.9", True)


def test_an_unknown_purpose_writes_nothing(asha, now):
    with pytest.raises(Invalid):
        consents.decide(asha, {"offers": True, "telepathy": True}, origin=WEB, by=Actor.of(asha), at=now)
    assert not ConsentRecord.objects.exists()


def test_one_click_gives_and_one_click_withdraws_on_the_same_page(client, asha):
    told_by(client, asha)
    page = client.get("/profile/privacy").content.decode()
    assert page.count("Allow it") >= 4
    for word, holds in (("yes", True), ("no", False)):
        answer = client.post("/profile/privacy/consent", {"purpose": "offers", "allow": word})
        assert answer.status_code == 303 and consents.allows(asha, "offers") is holds


def test_taking_back_the_agreement_of_a_form_shuts_it_at_once(client, stays, asha, doctor, now):
    """L5: no doctor opens it, the clock stops, the guest is told what follows; nothing is cancelled for her."""
    stay = stays.in_review(user=asha)
    form = stays.form(stay)
    assert may_review(doctor, form)
    told_by(client, asha)
    page = client.get("/profile/privacy").content.decode()
    assert "cannot go on without it" in page
    assert client.post("/profile/privacy/withdraw", {"app": "medical", "ref": form.public_id}).status_code == 303
    form.refresh_from_db()
    stay.refresh_from_db()
    assert form.consent_withdrawn_at and form.due_at is None and stay.state == State.IN_REVIEW
    assert form.consents.get().withdrawn_at and form.consents.get().text
    with pytest.raises(Missing):
        reading.open_for(doctor, form, purpose="review", at=now)
    assert Message.objects.filter(template="agreement_withdrawn", subject_of=stay.subject).count() == 1
    with pytest.raises(Conflict):
        health.withdraw(form, by=Actor.of(asha), at=now)
    forms.submit(form, ANSWERS, agreement=AGREEMENT, by=Actor.of(asha), at=now)
    form.refresh_from_db()
    assert may_review(doctor, form) and form.due_at


def test_nobody_takes_back_the_agreement_of_somebody_else(client, stays, asha, other_guest):
    form = stays.form(stays.in_review(user=asha))
    answer = told_by(client, other_guest).post("/profile/privacy/withdraw", {"app": "medical", "ref": form.public_id})
    form.refresh_from_db()
    assert answer.status_code == 404 and form.consent_withdrawn_at is None


# --- the copy -------------------------------------------------------------------------------------------------------


def made(user: User, drain) -> tuple[ExportPack, dict]:
    export.start(user, at=timezone.now())
    drain(export.KIND)
    pack = ExportPack.objects.get(user=user)
    archive = zipfile.ZipFile(io.BytesIO(export.fetch(user, str(pack.public_id), at=timezone.now())))
    assert sorted(archive.namelist()) == ["data.json", "index.html"]
    return pack, {"json": archive.read("data.json").decode(), "html": archive.read("index.html").decode()}


def test_the_copy_holds_all_of_mine_and_nothing_of_others(stays, asha, other_guest, doctor, drain):
    """L8: machine-readable and readable; own answers, companions and favourites are there, other guests not named."""
    answers = {**ANSWERS, "heart": True, "heart-detail": SECRET}
    stay = stays.in_review(user=asha, answers=answers)
    form = stays.form(stay)
    reading.open_for(doctor, form, purpose="review of the stay", at=timezone.now())
    Guest.objects.create(booking=stay, room=stay.rooms.get(), name="THIRDPERSON", position=1)
    stays.held(user=other_guest)
    favourites.save(asha, favourites.thing("program", "detox"), at=timezone.now())
    pack, copy = made(asha, drain)
    for text in copy.values():
        assert "CANARYCOMPANION" in text
        for mine in ("CANARYSTREET 5", "canary-mail@example.com", "CANARYUNCLE", stay.reference, SECRET, str(doctor)):
            assert mine in text, mine
        for others in ("THIRDPERSON", other_guest.email, "password", PASSWORD):
            assert others not in text, others
    found = json.loads(copy["json"])
    assert found["format"] == "pema-personal-data/1"
    saved = found["data"]["bookings"]["favourites"]
    assert [(one["kind"], one["name"]) for one in saved] == [("program", "Detox")]
    assert SECRET not in pack.sealed and pack.sealed.startswith("v1.")
    letter = Message.objects.get(template="privacy_export_ready")
    assert SECRET not in json.dumps(letter.context) and letter.recipient == asha.email
    assert AccessLog.objects.filter(reader=asha, what__in=["export asked", "export fetched"]).count() == 2


def test_stays_under_an_address_that_nobody_has_proven_are_not_in_the_copy(stays, asha, other_guest, drain):
    """L8: whoever registers with another's address does not get that person's stays."""
    stay = stays.held(email="victim@example.com")
    User.objects.filter(pk=other_guest.pk).update(email="victim@example.com", email_verified_at=None)
    other_guest.refresh_from_db()
    _pack, copy = made(other_guest, drain)
    assert stay.reference not in copy["json"]
    User.objects.filter(pk=other_guest.pk).update(email_verified_at=timezone.now())
    other_guest.refresh_from_db()
    assert stay.subject in person_of(other_guest).subjects


def test_one_copy_runs_at_a_time(asha, now):
    """D5"""
    export.start(asha, at=now)
    with pytest.raises(Conflict):
        export.start(asha, at=now + timedelta(seconds=1))
    assert ExportPack.objects.count() == 1


def test_the_file_is_for_its_owner_who_has_just_signed_in(client, asha, other_guest, drain):
    """Z10: another's id is 404; without a fresh sign-in the page asks again; after seven days the file is gone."""
    pack, _copy = made(asha, drain)
    address = f"/profile/privacy/copy/{pack.public_id}"
    assert client.get(address).status_code == 302
    assert told_by(client, asha).get(address).status_code == 302  # signed in, but not shown to have been just now
    client.logout()
    assert client.post("/sign-in", {"email": asha.email, "password": PASSWORD}).status_code in (302, 303)
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    assert "no-store" in answer["Cache-Control"] and "attachment" in answer["Content-Disposition"]
    assert client.get("/profile/privacy/erase").status_code == 200
    with pytest.raises(Missing):
        export.fetch(other_guest, str(pack.public_id), at=timezone.now())
    with pytest.raises(Missing):
        export.fetch(asha, str(pack.public_id), at=timezone.now() + timedelta(days=8))
    ExportPack.objects.update(ready_at=timezone.now() - timedelta(days=8))
    retention.apply(at=timezone.now())
    assert ExportPack.objects.get().sealed == ""


# --- corrections ----------------------------------------------------------------------------------------------------


def test_a_correction_is_asked_for_looked_at_and_answered(client, asha, front_desk, now):
    told_by(client, asha)
    wish = "My name on the bill is Rao-Sen. Card 4111 1111 1111 1111."
    answer = client.post("/profile/privacy/correction", {"about": "invoice_name", "reference": "PW-1", "wish": wish})
    assert answer.status_code == 303
    row = CorrectionRequest.objects.get()
    assert "4111 1111" not in row.wish and "Rao-Sen" in row.wish
    corrections.answer(row, corrected=True, words="Done.", by=Actor.of(front_desk), at=now)
    with pytest.raises(Conflict):
        corrections.answer(row, corrected=False, words="No.", by=Actor.of(front_desk), at=now)
    row.refresh_from_db()
    assert (row.state, row.answer) == ("done", "Done.")
    assert "Done." in client.get("/profile/privacy").content.decode()
    letter = Message.objects.get(template="privacy_correction")
    assert "Done." not in json.dumps(letter.context)


# --- being forgotten ------------------------------------------------------------------------------------------------


def test_nothing_of_a_person_is_found_after_the_erasure(client, stays, asha, doctor, drain):
    """L6: all tables as text, history and events too; what the law keeps is sealed, and said with its day."""
    answers = {**ANSWERS, "heart": True, "heart-detail": SECRET}
    stay = stays.in_review(user=asha, answers=answers)
    guest_stay = stays.paid(email=asha.email, start=40)  # booked without the account, same proven address
    StayBooking.objects.filter(pk=stay.pk).update(contact_name="CANARYFIRST CANARYLAST", special_requests="CANARYWISH")
    for one in (stay, guest_stay):
        over(one)
    corrections.ask(asha, about="other", wish="CANARYCORRECTION", at=timezone.now())
    made(asha, drain)
    drain()
    client.force_login(asha)
    assert client.get("/profile").status_code == 200
    row = due(erasure.ask(asha, at=timezone.now()))
    drain(erasure.KIND)
    drain()
    sweep_farewells()
    row.refresh_from_db()
    assert row.state == "erased"
    dump = everything()
    left = [line[:200] for line in dump.splitlines() if "canary" in line.lower() or "9800011122" in line]
    assert left == []
    assert SECRET not in dump
    held = {hold.code: hold for hold in LegalHold.objects.all()}
    assert set(held) == {"tax", "medical"} and all(hold.until and hold.words for hold in held.values())
    assert erasure.open_hold(held["tax"], reason="tax office", by=SYSTEM, at=timezone.now())["email"] == asha.email
    form = MedicalForm.objects.get(booking=stay)
    assert form.answers and not may_review(doctor, form)
    assert client.get("/profile").status_code == 302
    husk = User.objects.get(pk=asha.pk)
    assert not husk.is_active and husk.email.endswith("@erased.invalid")
    assert Tombstone.objects.get().person == asha.public_id


def test_the_farewell_says_what_stays(stays, asha, drain):
    over(stays.paid(user=asha))
    due(erasure.ask(asha, at=timezone.now()))
    drain(erasure.KIND)
    letter = Message.objects.get(template="privacy_erased")
    assert letter.recipient == "canary-mail@example.com"
    assert "eight years" in letter.context["held"][0]["words"] and letter.context["held"][0]["until"]


def test_an_open_stay_stays_until_it_is_over_and_then_goes(stays, asha, drain):
    """L6: said before it is asked; the rows go at night, once the stay is over."""
    stay = stays.paid(user=asha)
    assert [hold.code for hold in erasure.preview(asha, at=timezone.now())] == ["tax", "open-stay"]
    due(erasure.ask(asha, at=timezone.now()))
    drain(erasure.KIND)
    stay.refresh_from_db()
    assert stay.contact_email == "canary-mail@example.com"
    over(stay)
    LegalHold.objects.filter(code="open-stay").update(until=timezone.now().date())
    erasure.release_due(at=timezone.now())
    stay.refresh_from_db()
    assert stay.contact_email == "erased@erased.invalid"
    assert LegalHold.objects.get(code="open-stay").released_at and not LegalHold.objects.get(code="tax").released_at


def test_the_wish_is_taken_back_within_48_hours_and_not_after(client, asha, drain):
    row = erasure.ask(asha, at=timezone.now())
    with pytest.raises(Conflict):
        erasure.ask(asha, at=timezone.now())
    link = erasure.undo_link(row).removeprefix("http://127.0.0.1:8000")
    assert client.get(link).status_code == 200
    assert ErasureRequest.objects.get().state == "asked"  # looking changes nothing
    assert client.post(link).status_code == 303
    drain(erasure.KIND)
    asha.refresh_from_db()
    assert ErasureRequest.objects.get().state == "undone" and asha.is_active
    late = due(erasure.ask(asha, at=timezone.now()))
    with pytest.raises(Conflict):
        erasure.undo(late, by=Actor.of(asha), at=timezone.now())


def test_staff_are_not_erased_here(front_desk):
    with pytest.raises(NotAllowed):
        erasure.ask(front_desk, at=timezone.now())
    assert not ErasureRequest.objects.exists()


def test_a_restored_backup_forgets_again(stays, asha, drain, tmp_path, settings):
    """L6: the backup knows the person and no tombstone; the list beside it does. A new account later is left alone."""
    before = {name: getattr(asha, name) for name in ("email", "first_name", "phone", "is_active", "date_joined")}
    due(erasure.ask(asha, at=timezone.now()))
    drain(erasure.KIND)
    assert asha.email not in (tmp_path / "tombstones.jsonl").read_text()
    Tombstone.objects.all().delete()
    User.objects.filter(pk=asha.pk).update(**before)  # as a backup from before would bring her back
    anew = User.objects.create_user("canary-two@example.com", PASSWORD, first_name="New")
    Tombstone.objects.create(
        person=anew.public_id.__class__(int=7),
        email_digest=tombstones.digest("canary-two@example.com"),
        erased_at=anew.date_joined - timedelta(days=1),
    )
    call_command("reapply_erasures")
    asha.refresh_from_db()
    anew.refresh_from_db()
    assert asha.first_name == "" and not asha.is_active
    assert anew.is_active and anew.first_name == "New"


# --- retention ------------------------------------------------------------------------------------------------------


def test_medical_records_go_after_three_years_and_not_before(stays, asha, other_guest, now):
    """L7: 2 years 11 months stay, 3 years 1 month go; the purge is written down; a dry run changes nothing."""
    young, old = stays.in_review(user=asha), stays.in_review(user=other_guest, start=50)
    for stay, days in ((young, 1065), (old, 1126)):
        ended = (now - timedelta(days=days)).date()
        StayBooking.objects.filter(pk=stay.pk).update(
            state=State.COMPLETED, check_in=ended - timedelta(7), check_out=ended
        )
        sent = now - timedelta(days=days + 20)
        MedicalForm.objects.filter(booking=stay).update(created_at=sent, submitted_at=sent)
    line = next(one for one in retention.dry_run(at=now) if one.rule.code == "medical-records")
    assert line.found.count == 1 and MedicalForm.objects.exclude(answers="").count() == 2
    call_command("apply_retention", "--dry-run")
    assert MedicalForm.objects.exclude(answers="").count() == 2
    call_command("apply_retention")
    assert MedicalForm.objects.get(booking=young).answers and not MedicalForm.objects.get(booking=old).answers
    assert History.objects.get(subject="retention:medical-records").data == {"count": 1, "days": 1095}
    assert History.objects.filter(event="record emptied").count() == 1


def test_a_rule_that_is_switched_off_takes_nothing(stays, now):
    stay = stays.held()
    StayBooking.objects.filter(pk=stay.pk).update(state=State.EXPIRED, created_at=now - timedelta(days=100))
    rule = next(one for one in retention.rules() if one.code == "lapsed-holds")
    rule.active = False
    rule.save()
    retention.apply(at=now)
    assert StayBooking.objects.get(pk=stay.pk).contact_email == stay.contact_email
    rule.active = True
    rule.save()
    retention.apply(at=now)
    assert StayBooking.objects.get(pk=stay.pk).contact_email == "erased@erased.invalid"


def test_a_cancelled_stay_frees_its_data(stays, asha, now):
    """An open stay is a reason to keep; a cancelled one is not."""
    stay = stays.paid(user=asha)
    lifecycle.cancel(stay, by=Actor.of(asha), at=now)
    codes = [hold.code for hold in erasure.preview(asha, at=now)]
    assert "open-stay" not in codes and "open-money" in codes
