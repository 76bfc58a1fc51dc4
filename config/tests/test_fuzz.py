"""I12, Z7: whatever is sent, as whoever: no answer of the server's own fault, none that the schema does not know."""

from __future__ import annotations

import os
import time

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from accounts import roles
from accounts.domain import tokens
from accounts.models import User
from bookings.models import StayBooking
from config.tests.cast import PASSWORD
from config.tests.fuzz import Fuzz
from medical.models import MedicalForm
from payments.models import Payment
from programs.models import Program
from rooms.models import RoomType

SEED = int(os.environ.get("PEMA_SEED", "20261120"))


@pytest.fixture
def house_admin(db):
    made = User.objects.create_user("admin@pema.example", PASSWORD, first_name="Meera", is_staff=True)
    made.groups.add(Group.objects.get(name=roles.ADMIN))
    return made


@pytest.fixture
def fuzz(stays, guest, other_guest, doctor, front_desk, finance, house_admin, settings):
    settings.RATE_LIMIT_ANON = settings.RATE_LIMIT_TOKEN = "100000000/min"
    for start, more in ((10, {}), (20, {"user": other_guest}), (30, {"user": guest})):
        stays.held(start=start, **more)
    stays.in_review(start=40, user=guest)
    stays.confirmed(start=60, user=guest)

    def caller(user: User):
        def headers() -> dict[str, str]:
            fresh = User.objects.get(pk=user.pk)
            return {"Authorization": f"Bearer {tokens.issue(fresh, at=timezone.now()).access}"}

        return headers

    known = {
        "reference": list(StayBooking.objects.values_list("reference", flat=True)),
        "form_id": [str(value) for value in MedicalForm.objects.values_list("public_id", flat=True)],
        "public_id": [str(value) for value in Payment.objects.values_list("public_id", flat=True)],
        "slug": [
            *Program.objects.values_list("slug", flat=True),
            *RoomType.objects.values_list("slug", flat=True),
        ],
    }
    people = {"guest": guest, "doctor": doctor, "front desk": front_desk, "finance": finance, "admin": house_admin}
    return Fuzz({name: caller(user) for name, user in people.items()}, known, SEED)


@pytest.mark.django_db(transaction=True)
def test_no_call_breaks_the_house_or_the_schema(fuzz):
    fuzz.run(12)
    print(fuzz.broken)
    assert fuzz.sent.total() >= 500 and set(fuzz.sent) == set(fuzz.callers)
    assert not [status for status in fuzz.statuses if status >= 500 and status != 503]
    assert not fuzz.broken, f"{len(fuzz.broken)} of {fuzz.sent.total()} calls:\n" + "\n\n".join(fuzz.broken[:40])


@pytest.mark.drill
@pytest.mark.django_db(transaction=True)
def test_twenty_thousand_calls(fuzz):
    """I12 at length; PEMA_SEED gives another walk."""
    begun = time.monotonic()
    while fuzz.sent.total() < int(os.environ.get("PEMA_FUZZ", "20000")):
        fuzz.run(60)
        fuzz.seed += 1
    print(
        f"{fuzz.sent.total()} requests as {dict(fuzz.sent)} in {time.monotonic() - begun:.0f} s, "
        f"statuses {dict(sorted(fuzz.statuses.items()))}, {len(fuzz.broken)} broken, seed {SEED}"
    )
    assert not [status for status in fuzz.statuses if status >= 500 and status != 503]
    assert not fuzz.broken, "\n\n".join(fuzz.broken[:20])
