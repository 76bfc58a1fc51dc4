"""Consent of guests: given and taken back by one click, with its proof (L5, L6)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.domain import people
from accounts.domain.privacy import consents
from accounts.domain.privacy.consents import Origin
from accounts.models import (
    ConsentRecord,
    User,
)
from bookings.states import State
from config.tests.cast import AGREEMENT, ANSWERS, PASSWORD
from config.tests.privacy_cast import told_by
from core.actors import Actor
from core.errors import Conflict, Invalid, Missing
from medical.domain import consents as health
from medical.domain import forms, reading
from medical.permissions import may_review
from notifications.models import Message

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("stones")]
WEB = Origin(ConsentRecord.Door.WEB, "203.0.113.9", "Firefox")


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
