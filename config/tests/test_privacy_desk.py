"""The privacy desk over the whole house: the copy, corrections, retention (L5-L8, Z10, D5)."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.domain.privacy import corrections, erasure, export, retention
from accounts.domain.privacy.who import person_of
from accounts.models import (
    CorrectionRequest,
    ExportPack,
    User,
)
from audit.models import AccessLog, History
from bookings.domain import favourites, lifecycle
from bookings.models import Guest, StayBooking
from bookings.states import State
from config.tests.cast import ANSWERS, PASSWORD
from config.tests.privacy_cast import SECRET, made, told_by
from core.actors import Actor
from core.errors import Conflict, Missing
from medical.domain import reading
from medical.models import MedicalForm
from notifications.models import Message

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("stones")]


# --- the copy -------------------------------------------------------------------------------------------------------


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
    assert f"Stay {stay.reference}" in copy["html"] and "<dt>Arrival</dt>" in copy["html"]
    assert not re.search(r"\d{4}-\d\d-\d\dT|[0-9a-f]{8}-[0-9a-f]{4}-|Public id|>Ip<|_at\b", copy["html"])
    found = json.loads(copy["json"])
    assert found["data"]["accounts"]["profile"]["public_id"] == str(asha.public_id)
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
