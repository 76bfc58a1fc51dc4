"""Being forgotten: nothing of a person is left but what must be kept, and a restored backup forgets again (L5-L8)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.domain.privacy import corrections, erasure, tombstones
from accounts.models import (
    ErasureRequest,
    LegalHold,
    Tombstone,
    User,
)
from bookings.models import StayBooking
from config.tests.cast import ANSWERS, PASSWORD
from config.tests.privacy_cast import SECRET, due, everything, made, over
from core.actors import SYSTEM, Actor
from core.errors import Conflict, NotAllowed
from medical.models import MedicalForm
from medical.permissions import may_review
from notifications.models import Message
from notifications.privacy import sweep_farewells

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("stones")]


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
