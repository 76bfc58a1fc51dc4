"""Staff of one property see nothing of another: no page, no row, no count; and every page of the admin says why."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib import admin
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.roles import MANAGER
from audit.models import History
from backoffice.board import board
from backoffice.views.changes import shelves_of
from bookings.models import StayBooking
from config.tests import routing
from config.tests.second_house import FOREIGN
from core.admin import HouseAdmin
from core.errors import Missing
from core.reach import reach_of
from medical.domain import reading, review
from medical.models import MedicalForm
from notifications.models import StaffTask
from payments.models import Folio, GatewayEvent, MoneyException, Payment, Refund
from rooms.domain.staffing import works_only_for
from rooms.models import Property

ROOT = Path(__file__).resolve().parents[2]
LITERAL = re.compile(r"""has_perms?\(\s*\[?\s*["']""")


def test_every_admin_page_names_its_property():
    """Z1: a page of rows says by which path they belong to a property, or why they belong to none."""
    for model, page in admin.site._registry.items():
        assert isinstance(page, HouseAdmin), f"{model} has a page that knows nothing of properties"
        assert bool(page.within) != bool(page.house_wide), f"{type(page).__name__}: give `within`, or say `house_wide`"


def test_permissions_are_asked_in_permissions_py():
    """Doors ask predicates; the names of permissions stand in `<app>/permissions.py` and in the table of roles."""
    doors = [
        one
        for part in ("admin", "api", "web", "views")
        for one in [*ROOT.glob(f"*/{part}.py"), *ROOT.glob(f"*/{part}/**/*.py")]
    ]
    assert len(doors) > 80
    asked = [f"{one.relative_to(ROOT)}" for one in doors if "core" not in one.parts and LITERAL.search(one.read_text())]
    assert asked == []
    assert LITERAL.search('user.has_perm("rooms.change_room")')


@pytest.fixture
def two(retreat, stays, guest, other_guest, now):
    return routing.world(retreat, stays, guest, other_guest, at=now)


def test_no_row_of_the_other_property(two, rf):
    """Z1: through every page of the admin, with the eyes of each role: only rows of one's own property, and some."""
    checked = 0
    for role in ("front_desk", "reservations", "finance", "medical_lead", "manager"):
        for model, page in admin.site._registry.items():
            if page.within is None or model is MedicalForm:
                continue
            asked = rf.get("/")
            asked.user = User.objects.get(pk=two.people[role].pk)
            seen = set(page.get_queryset(asked).values_list("pk", flat=True))
            everything = model._default_manager.all()
            theirs = set(reach(two.other.property).rows(everything, page.within).values_list("pk", flat=True))
            ours = set(reach(two.own.property).rows(everything, page.within).values_list("pk", flat=True))
            assert seen == ours, f"{role} at {model.__name__}"
            assert not (seen & theirs - house_rows(everything, page)), f"{role} at {model.__name__}"
            checked += bool(theirs)
    assert checked >= 75
    for model in (StayBooking, Folio, Payment, Refund, MoneyException, GatewayEvent, StaffTask, History):
        path = admin.site._registry[model].within
        rows = model._default_manager.all()
        assert reach(two.other.property).rows(rows, path).exists() and reach(two.own.property).rows(rows, path).exists()


def reach(home: Property):
    from core.reach import Reach

    return Reach(False, frozenset([home.pk]))


def house_rows(rows, page):
    """Rows that count for every property (a red flag of no program)."""
    nowhere = reach(Property(pk=0))
    return set(nowhere.rows(rows, page.within).values_list("pk", flat=True))


def test_counts_do_not_leak(two, api, stays):
    """Z2: the board, the API's lists and the dashboard count what belongs to the property."""
    manager = two.people["manager"]
    own = StayBooking.objects.filter(property=two.own.property)
    assert StayBooking.objects.count() > own.count()
    assert api(manager).get("admin/bookings").json()["count"] == own.count()
    assert api(manager).get("bookings").json()["count"] == own.count()
    figures = api(manager).get("admin/dashboard").json()
    assert figures["rooms_total"] == 4 and figures["open_tasks"] == 1
    day = two.other.stay.check_in
    assert board(day, today=stays.today, reach=reach_of(manager)).arrivals == []
    for path in ("admin/bookings?search=" + FOREIGN, f"bookings/{two.other.stay.reference}"):
        assert FOREIGN not in api(manager).get(path).content.decode().lower()
    assert api(manager).get(f"bookings/{two.other.stay.reference}").status_code == 404


def test_nothing_of_the_other_property_can_be_named(two, api):
    """Z1: ids of the other property in a body are as unknown as ids that never were."""
    manager, desk = two.people["manager"], Client()
    User.objects.get(pk=manager.pk)
    desk.force_login(User.objects.get(pk=manager.pk))
    own, other = two.own, two.other
    foreign_type = other.property.room_types.get()
    foreign_room = foreign_type.rooms.first()
    before = routing.writes()
    said = api(manager).post(f"admin/bookings/{own.stay.reference}/assign-room", {"room": foreign_room.number})
    assert said.status_code == 404
    said = api(manager).post("admin/rooms", {"room_type": foreign_type.slug, "number": "77"})
    assert said.status_code == 404
    assert api(manager).put("admin/programs/lake-rest", {}).status_code == 404
    day = {"first_night": "2027-03-01", "last_day": "2027-03-03"}
    assert desk.post("/admin/rooms/block/new/", {**day, "room": foreign_room.pk, "reason": "x"}).status_code == 400
    assert (
        desk.post("/admin/rooms/inventorynight/restrict/", {**day, "room_types": [foreign_type.pk]}).status_code == 400
    )
    page = desk.post(
        "/admin/programs/childrate/add/", {"property": other.property.pk, "age_from": 13, "age_to": 15, "amount": 1}
    )
    assert page.status_code == 200
    assert desk.post("/admin/rooms/room/mark/", {"mark": f"{foreign_room.pk}:dirty"}).status_code == 404
    task = StaffTask.objects.get(subject=other.stay.subject, title__startswith=FOREIGN)
    assert desk.post("/admin/notifications/stafftask/finish/", {"task": task.pk}).status_code == 404
    changed = {name for name, count in routing.writes().items() if count > before.get(name, 0)}
    assert changed <= {"accounts_refreshtoken"}, changed


def test_no_property_no_sight(two):
    """Deny by default: staff who work nowhere see no stay, no money, no task."""
    manager = two.people["manager"]
    works_only_for(manager, [])
    lost = User.objects.get(pk=manager.pk)
    assert not reach_of(lost).whole and reach_of(lost).keys == frozenset()
    client = Client()
    client.force_login(lost)
    assert client.get(f"/admin/bookings/staybooking/{two.own.stay.pk}/change/").status_code == 404
    assert client.get("/admin/operations/").status_code == 403


def test_the_lead_of_one_property_reads_no_answers_of_another(two):
    """Z2, Z3: neither by assignment, nor as lead, nor a superuser without a role."""
    lead, form = User.objects.get(pk=two.people["medical_lead"].pk), two.other.stay.medical_forms.get()
    assert form.doctor_id != two.people["doctor"].pk and form not in review.queue_for(lead)
    MedicalForm.objects.filter(pk=form.pk).update(doctor=two.people["doctor"])
    form.refresh_from_db()
    root = User.objects.create_superuser("root2@pema.example", None, first_name="Root")
    for reader in (lead, User.objects.get(pk=two.people["doctor"].pk), root):
        with pytest.raises(Missing):
            reading.open_for(reader, form, purpose="look", at=timezone.now())


def test_changes_of_what_belongs_to_the_other_property_are_not_there(two, rf):
    """Z1: each table without a page of its own, asked for by the number of a row; our own rows are the control."""
    client, seen = two.clients[MANAGER], 0
    request = rf.get("/admin/changes/")
    request.user = two.people[MANAGER]
    far = {"booking": two.other.stay, "folio": two.other.stay.folio}
    near = {"booking": two.own.stay, "folio": two.own.stay.folio}
    for shelf in shelves_of(request, admin.site):
        if shelf.model in admin.site._registry:
            continue
        names = {field.name for field in shelf.model._meta.concrete_fields}
        for field in names & {"booking", "folio"}:
            label = shelf.model._meta.label_lower
            for whose, expected in ((far, 404), (near, 200)):
                row = shelf.model._default_manager.filter(**{field: whose[field]}).first()
                if row is not None:
                    answer = client.get(f"/admin/changes/?of={label}:{row.pk}")
                    assert answer.status_code == expected, f"{label} {field}"
                    assert FOREIGN not in answer.content.decode().lower()
                    seen += 1
    assert seen >= 6
