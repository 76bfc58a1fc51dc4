"""A guest's wish for a correction comes to those who may answer it, and its task ends with the answer (L4)."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from accounts.domain.privacy import corrections
from accounts.models import CorrectionRequest, User
from backoffice.roles import keep_roles
from backoffice.views.home import open_tasks
from config.tests.cast import _person
from core.errors import Conflict
from notifications.domain import desk
from notifications.models import StaffTask
from rooms.domain.staffing import work_for
from rooms.models import Property

pytestmark = pytest.mark.django_db

LIST = "/admin/notifications/stafftask/"


@pytest.fixture
def manager(retreat) -> User:
    keep_roles()
    person = _person("Mira Manager", "manager", staff=True)
    work_for(person, *Property.objects.all())
    return User.objects.get(pk=person.pk)


@pytest.fixture
def browser(manager) -> Client:
    client = Client()
    client.force_login(manager)
    return client


@pytest.fixture
def wish(guest, manager) -> CorrectionRequest:
    return corrections.ask(guest, about="birth_date", wish="SECRETWISH", at=timezone.now())


def test_the_task_is_the_managements_and_leads_to_the_wish(wish, manager, browser, front_desk):
    task = StaffTask.objects.get()
    assert task.desk == StaffTask.Desk.MANAGEMENT and "Date of birth" in task.title and "SECRETWISH" not in task.title
    assert task in open_tasks(manager) and task not in open_tasks(front_desk)
    answer = f"/admin/privacy/corrections/{wish.public_id}/"
    for path in (LIST, f"{LIST}{task.pk}/change/"):
        page = browser.get(path).content.decode()
        assert f'href="{answer}"' in page and "Mark as done" not in page and f"{task.pk}/done" not in page
    assert "SECRETWISH" in browser.get(answer).content.decode()


def test_such_a_task_is_not_done_by_a_click(wish, manager, browser):
    task = StaffTask.objects.get()
    page = browser.post(f"{LIST}finish/", {"task": task.pk}, follow=True).content.decode()
    assert "This ends when the guest has her answer" in page
    with pytest.raises(Conflict) as refused:
        desk.finish(task, user_id=manager.pk, at=timezone.now())
    assert refused.value.code == "ends_elsewhere"
    task.refresh_from_db()
    wish.refresh_from_db()
    assert task.done_at is None and task.done_by is None and wish.state == "open"


def test_the_answer_ends_the_task_and_no_other(wish, guest, manager, browser):
    other = corrections.ask(guest, about="stay", wish="Another.", at=timezone.now())
    where = f"/admin/privacy/corrections/{wish.public_id}/"
    assert browser.post(where, {"corrected": "yes", "words": "Mended."}).status_code == 302
    task = StaffTask.objects.get(subject=corrections.subject_of(wish))
    assert task.done_at is not None and task.done_by == manager
    assert StaffTask.objects.get(subject=corrections.subject_of(other)).done_at is None
    page = browser.get(where).content.decode()
    assert "Mended." in page and str(manager) in page and "Send the answer" not in page
