"""The privacy desk's doors: API, back office, the breach pack (L11, I5, Z10)."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.domain import proofs, tokens
from accounts.domain.privacy import consents, corrections, erasure, export
from accounts.domain.privacy.card_scan import scan
from accounts.models import CorrectionRequest, ErasureRequest, ExportPack, RetentionRule, User
from audit import breach
from audit.models import AccessLog, History
from audit.record import changed, looked
from backoffice.roles import keep_roles
from bookings.models import StayBooking
from core.actors import Actor
from core.errors import Invalid
from medical.models import MedicalForm

pytestmark = pytest.mark.django_db


def api(user: User) -> Client:
    pair = tokens.issue(user, at=timezone.now(), device="test")
    return Client(headers={"Authorization": f"Bearer {pair.access}"})


def desk_of(user: User) -> Client:
    keep_roles()
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


@pytest.fixture
def administrator(db) -> User:
    from config.tests.cast import _person

    return _person("Ada Admin", "admin", staff=True)


# --- API ------------------------------------------------------------------------------------------------------------


def test_consents_over_the_api(guest, other_guest):
    client = api(guest)
    found = client.get("/api/v1/me/consents").json()["consents"]
    assert {one["purpose"] for one in found} == {"offers", "photos", "feedback", "analytics"}
    assert not any(one["granted"] for one in found)
    answer = client.put("/api/v1/me/consents", {"consents": {"offers": True}}, content_type="application/json")
    assert answer.status_code == 200 and consents.allows(guest, "offers") and not consents.allows(other_guest, "offers")
    answer = client.put("/api/v1/me/consents", {"consents": {"none": True}}, content_type="application/json")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "unknown_purpose")


def proven(user: User) -> dict[str, str]:
    return {"Proof": proofs.ticket(user, proofs.Proof(user.pk, timezone.now()))}


def test_the_copy_over_the_api_is_for_its_owner_with_a_fresh_proof(guest, other_guest, drain):
    """Z10: somebody else's id is 404; without a proof 403; with one the file."""
    client = api(guest)
    assert client.get("/api/v1/me/export").json()["state"] == "none"
    assert client.post("/api/v1/me/export", content_type="application/json").status_code == 201
    assert (
        client.post("/api/v1/me/export", content_type="application/json").json()["errors"][0]["code"]
        == "export_running"
    )
    drain(export.KIND)
    found = client.get("/api/v1/me/export").json()
    path = found["link"][found["link"].index("/api/") :]
    assert found["state"] == "ready" and client.get(path).json()["errors"][0]["code"] == "proof_needed"
    assert api(other_guest).get(path, headers=proven(other_guest)).status_code == 404
    assert api(other_guest).get(path, headers=proven(guest)).status_code == 403
    answer = client.get(path, headers=proven(guest))
    assert answer.status_code == 200 and answer["Content-Type"] == "application/octet-stream"
    assert "data.json" in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()


def test_being_forgotten_over_the_api(guest, other_guest):
    client = api(guest)
    assert client.delete("/api/v1/me/erasure").status_code == 404
    old = {"Proof": proofs.ticket(guest, proofs.Proof(guest.pk, timezone.now() - timedelta(minutes=11)))}
    for given in ({}, {"Proof": "nonsense"}, old, proven(other_guest)):
        answer = client.post("/api/v1/me/erasure", content_type="application/json", headers=given)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, "proof_needed")
    assert not ErasureRequest.objects.exists(), "a stolen token alone makes nobody forgotten"
    key = {"Idempotency-Key": "forget-me"}
    assert client.post("/api/v1/me/erasure", content_type="application/json", headers=key).status_code == 403
    answer = client.post("/api/v1/me/erasure", content_type="application/json", headers={**key, **proven(guest)})
    assert answer.status_code == 201 and answer.json()["state"] == "asked" and answer.json()["stays"] == []
    assert client.post("/api/v1/me/erasure", content_type="application/json", headers=proven(guest)).status_code == 409
    assert client.delete("/api/v1/me/erasure").json()["state"] == "undone"
    assert ErasureRequest.objects.get().state == "undone"


# --- the back office ------------------------------------------------------------------------------------------------


def test_the_desk_answers_and_changes_the_table(administrator, guest):
    client = desk_of(administrator)
    row = corrections.ask(guest, about="stay", wish="The dates are wrong.", at=timezone.now())
    erasure.ask(guest, at=timezone.now())
    page = client.get("/admin/privacy/").content.decode()
    assert "The dates are wrong." in page and "three years from the end of the treatment" in page
    answer = client.post(f"/admin/privacy/corrections/{row.public_id}/", {"corrected": "yes", "words": "Mended."})
    assert answer.status_code == 302 and CorrectionRequest.objects.get().answer == "Mended."
    answer = client.post("/admin/privacy/rules/messages/", {"days": "900", "basis": "Because.", "active": "on"})
    assert answer.status_code == 302 and RetentionRule.objects.get(code="messages").days == 900
    assert History.objects.get(subject="retention:messages").data["before"]["days"] == 730


@pytest.mark.parametrize("role", ["front_desk", "finance", "doctor"])
@pytest.mark.parametrize("path", ["", "who-saw/", "rules/messages/"])
def test_others_do_not_come_in(request, role, path):
    client = desk_of(request.getfixturevalue(role))
    assert client.get(f"/admin/privacy/{path}").status_code == 403


def test_who_saw_a_guest_between_two_days(administrator, guest, other_guest, doctor):
    """L11: reads and changes of her records, nobody else's; formulas are harmless; the question is written down."""
    now = timezone.now()
    hers, others = f"person:{guest.public_id}", f"person:{other_guest.public_id}"
    looked(doctor, hers, what="answers", purpose="=cmd|' /C calc'!A0", role="doctor", at=now - timedelta(hours=1))
    looked(doctor, others, what="answers", purpose="care", role="doctor", at=now - timedelta(hours=1))
    looked(doctor, hers, what="answers", purpose="too long ago", role="doctor", at=now - timedelta(days=40))
    changed(hers, "edited", by=Actor.of(doctor), at=now - timedelta(hours=2))
    client = desk_of(administrator)
    today = timezone.localdate()
    asked = {
        "person": guest.email,
        "since": (today - timedelta(days=3)).isoformat(),
        "until": today.isoformat(),
        "reason": "complaint 12",
    }
    page = client.post("/admin/privacy/who-saw/", {**asked, "as": "page"}).content.decode()
    assert str(doctor) in page and hers in page and others not in page and "too long ago" not in page
    answer = client.post("/admin/privacy/who-saw/", {**asked, "as": "zip"})
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert "reads.csv: complete" in archive.read("about.txt").decode()
    reads = archive.read("reads.csv").decode("utf-8-sig")
    assert "'=cmd|" in reads and others not in reads
    assert "edited" in archive.read("changes.csv").decode()
    assert AccessLog.objects.filter(reader=administrator, subject=hers, what="breach pack").count() == 2


def test_a_pack_is_sent_while_it_is_made_and_says_when_it_is_cut(guest, doctor, django_assert_num_queries):
    """L11: pieces, a handful of queries whatever the rows; what was left out is said in the table and in the note."""
    now = timezone.now()
    hers = f"person:{guest.public_id}"
    for minute in range(5):
        looked(doctor, hers, what="answers", purpose=f"look {minute}", at=now - timedelta(minutes=minute))
    question = breach.Question(now - timedelta(days=1), now + timedelta(days=1), (hers,))
    pieces = breach.pack(question, made_by="Asha", at=now, most=3)
    assert not isinstance(pieces, bytes)
    with django_assert_num_queries(3):  # reads, the names, changes
        archive = zipfile.ZipFile(io.BytesIO(b"".join(pieces)))
    reads = archive.read("reads.csv").decode("utf-8-sig")
    assert [f"look {minute}" in reads for minute in range(5)] == [True, True, True, False, False]
    last = reads.splitlines()[-1]
    assert "CUT" in last and "Only the newest 3 rows" in last
    note = archive.read("about.txt").decode()
    assert "Only the newest 3 rows are in reads.csv" in note and "changes.csv: complete, rows: 0" in note


def ask_who_saw(client: Client, **asked: str):
    today = timezone.localdate()
    dates = {"since": (today - timedelta(days=3)).isoformat(), "until": today.isoformat()}
    return client.post("/admin/privacy/who-saw/", {**dates, "reason": "complaint 13", "as": "page", **asked})


@pytest.mark.django_db(transaction=True)  # her form is made when the payment is kept
def test_who_saw_a_guest_without_an_account(administrator, stays, doctor):
    """L11: her stay, her form; on the page and in the pack; another's stay is not hers."""
    hers, others = stays.in_review(email="walkin@example.com"), stays.held()
    form = MedicalForm.objects.filter(booking=hers).first()
    for subject, why in ((hers.subject, "HERS"), (form.subject, "ANSWERS"), (others.subject, "OTHERS")):
        looked(doctor, subject, what="answers", purpose=why, role="doctor", at=timezone.now())
    client = desk_of(administrator)
    page = ask_who_saw(client, person="WalkIn@example.com").content.decode()
    assert "HERS" in page and "ANSWERS" in page and "OTHERS" not in page
    answer = ask_who_saw(client, person="walkin@example.com", **{"as": "zip"})
    reads = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).read("reads.csv").decode("utf-8-sig")
    assert "HERS" in reads and "ANSWERS" in reads and "OTHERS" not in reads
    assert AccessLog.objects.filter(reader=administrator, subject=hers.subject, what="breach pack").count() == 2


def test_who_saw_anything_between_two_days(administrator, guest, doctor):
    """L11: no name is everybody between the days, and is written down; the days are needed and bounded."""
    now = timezone.now()
    looked(doctor, f"person:{guest.public_id}", what="answers", purpose="NOW", role="doctor", at=now)
    looked(doctor, f"person:{guest.public_id}", what="answers", purpose="LONGAGO", at=now - timedelta(days=40))
    client = desk_of(administrator)
    page = ask_who_saw(client)
    words = page.content.decode()
    assert page.status_code == 200 and "NOW" in words and "LONGAGO" not in words
    assert AccessLog.objects.get(reader=administrator).subject == "everybody:all"
    for wrong in ({"since": ""}, {"until": ""}, {"until": "2020-01-01"}, {"since": "2001-01-01"}):
        assert ask_who_saw(client, **wrong).status_code == 400
    with pytest.raises(Invalid):
        breach.check(breach.Question(now, now - timedelta(days=1)))
    assert AccessLog.objects.filter(reader=administrator).count() == 1


def test_an_address_that_nobody_has_is_no_question(administrator):
    page = ask_who_saw(desk_of(administrator), person="nobody@example.com")
    assert page.status_code == 400 and "No account and no stay has the address" in page.content.decode()
    assert not AccessLog.objects.exists()


# --- cards ----------------------------------------------------------------------------------------------------------


def test_a_card_in_a_wish_is_masked_and_the_scan_finds_what_came_by_another_way(stays):
    """L12: placing masks; a row written past the verbs is found, without printing the number."""
    stay = stays.held()
    StayBooking.objects.filter(pk=stay.pk).update(special_requests="pay with 4111 1111 1111 1111")
    assert [(hit.model, hit.field, hit.pk) for hit in scan()] == [("bookings.StayBooking", "special_requests", stay.pk)]
    StayBooking.objects.filter(pk=stay.pk).update(special_requests="my number is +91 98765 43210")
    assert scan() == [] and not ExportPack.objects.exists()
