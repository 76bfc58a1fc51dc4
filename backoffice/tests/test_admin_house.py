"""Roles, people, signing in, tasks, mailbox, operations."""

import re
import time

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.roles import ALL
from audit.models import History
from backoffice.menus import navigation
from backoffice.roles import ROLES
from config.tests.cast import PASSWORD, _person
from notifications.domain.desk import ask_staff
from notifications.models import MailboxItem, Message, StaffTask

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_table_of_roles_names_real_permissions():
    known = {f"{app}.{code}" for app, code in Permission.objects.values_list("content_type__app_label", "codename")}
    assert set(ROLES) == set(ALL)
    for role, wanted in ROLES.items():
        assert set(wanted) <= known, role
        have = {f"{p.content_type.app_label}.{p.codename}" for p in Group.objects.get(name=role).permissions.all()}
        assert have == set(wanted)


def test_least_privilege():
    """domain.md §9: what the roles must not hold."""
    for role in ("front_desk", "reservations", "finance", "manager", "admin", "content_editor", "facilitator"):
        assert not [code for code in ROLES[role] if code.startswith("medical.")], role
    for role in ("doctor", "medical_lead"):
        assert not [code for code in ROLES[role] if code.startswith(("bookings.", "payments.", "rooms."))], role
    assert "bookings.override_gates" not in ROLES["front_desk"]
    assert "payments.change_refund" not in ROLES["manager"]


def menu(client, user):
    page = client.get("/admin/")
    return {str(item["title"]) for group in navigation(page.wsgi_request) for item in group["items"]}


def test_menus_are_shaped_by_the_role(retreat, desk_of, front_desk, doctor, medical_lead, finance, editor, superuser):
    assert menu(desk_of(doctor), doctor) == {
        "Review queue",
        "Arrivals to examine",
        "Red flags",
        "Questionnaires",
    }
    assert {"Today", "Bookings", "Rooms"} <= menu(desk_of(front_desk), front_desk)
    assert not {"Rate bands", "People", "Review queue"} & menu(desk_of(front_desk), front_desk)
    assert {"Refunds", "Exceptions"} <= menu(desk_of(finance), finance)
    assert {"Who looked", "Doctors"} <= menu(desk_of(medical_lead), medical_lead)
    assert "Programs" in menu(desk_of(editor), editor)
    assert "Review queue" not in menu(desk_of(superuser), superuser)


def test_each_door_of_a_menu_opens(retreat, desk_of, front_desk, doctor, medical_lead, finance, manager, house_admin):
    for person in (front_desk, doctor, medical_lead, finance, manager, house_admin):
        client = desk_of(person)
        request = client.get("/admin/", follow=True).wsgi_request
        for group in navigation(request):
            for item in group["items"]:
                assert client.get(item["link"]).status_code == 200, (person, item["link"])


def sign_in(client: Client, person) -> None:
    client.post("/sign-in", {"email": person.email, "password": PASSWORD, "next": "/admin/today/"})


def test_signing_in_goes_through_the_one_door_of_the_house(retreat, front_desk, guest):
    """A10: the admin has no sign-in of its own, with GET or POST; a guest gets nothing there."""
    client = Client()
    for answer in (client.get("/admin/login/?next=/admin/today/"), client.post("/admin/login/?next=/admin/today/")):
        assert (answer.status_code, answer["Location"]) == (302, "/sign-in?next=/admin/today/")
    form = {"username": front_desk.email, "password": PASSWORD, "next": "/admin/"}
    client.post("/admin/login/", form)
    assert client.get("/admin/today/").status_code == 302
    sign_in(client, front_desk)
    assert client.get("/admin/today/").status_code == 200
    assert client.get("/admin/login/?next=//evil.example")["Location"] == "/admin/"
    client.force_login(guest)
    assert client.get("/admin/login/").status_code == 403


def test_signing_out_leads_to_the_door(desk_of, front_desk):
    client = desk_of(front_desk)
    assert client.get("/admin/logout/").status_code == 405
    assert client.post("/admin/logout/")["Location"] == "/admin/login/"


def person_form(user, **more):
    form = {"first_name": user.first_name, "last_name": user.last_name, "email": user.email, "phone": user.phone}
    return {
        **form,
        "is_active": "on",
        "is_staff": "on",
        "groups": list(user.groups.values_list("pk", flat=True)),
        **more,
    }


def test_a_change_of_roles_ends_the_sessions(retreat, desk_of, house_admin, front_desk, manager):
    """A role that is taken away works no longer, at once; before and after are written down."""
    theirs, admin = Client(), desk_of(house_admin)
    sign_in(theirs, front_desk)
    assert theirs.get("/admin/today/").status_code == 200
    url = f"/admin/accounts/user/{front_desk.pk}/change/"
    editor = Group.objects.get(name="content_editor")
    assert desk_of(manager).post(url, person_form(front_desk, groups=[editor.pk])).status_code == 403
    assert admin.post(url, person_form(front_desk, groups=[editor.pk])).status_code == 302
    assert theirs.get("/admin/today/").status_code == 302, "signed out"
    row = History.objects.get(subject=f"user:{front_desk.pk}")
    assert (row.data["roles_before"], row.data["roles_after"]) == (["front_desk"], ["content_editor"])


def test_a_forsaken_screen_gives_no_keys(retreat, desk_of, house_admin, front_desk):
    """A16: eleven minutes after the last password the page asks again; nothing has changed."""
    admin = desk_of(house_admin)
    session = admin.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - 660}]
    session.save()
    for page in (f"{front_desk.pk}/change/", f"{front_desk.pk}/password/", "add/"):
        answer = admin.post(f"/admin/accounts/user/{page}", person_form(front_desk, groups=[]))
        assert answer.status_code == 302 and answer["Location"].startswith("/sign-in/again")
    assert front_desk.groups.exists() and not History.objects.filter(subject=f"user:{front_desk.pk}").exists()


def test_nobody_makes_a_superuser(retreat, desk_of, house_admin, superuser, front_desk):
    client = desk_of(house_admin)
    form = person_form(front_desk, is_superuser="on", user_permissions=["1"], session_epoch="99")
    client.post(f"/admin/accounts/user/{front_desk.pk}/change/", form)
    front_desk.refresh_from_db()
    assert not front_desk.is_superuser and not front_desk.user_permissions.exists()
    root = f"/admin/accounts/user/{superuser.pk}"
    assert client.post(f"{root}/change/", person_form(superuser)).status_code == 403
    assert client.post(f"{root}/password/", {"password1": "x", "password2": "x"}).status_code == 403
    assert client.post(f"{root}/delete/", {"post": "yes"}).status_code == 403


def test_a_new_person(retreat, desk_of, house_admin):
    role = Group.objects.get(name="finance")
    form = {"first_name": "New", "last_name": "Hand", "email": "New.Hand@Pema.example", "is_staff": "on"}
    form |= {"password1": PASSWORD, "password2": PASSWORD, "groups": [role.pk], "usable_password": "true"}
    assert desk_of(house_admin).post("/admin/accounts/user/add/", form).status_code == 302
    made = User.objects.get(email="new.hand@pema.example")
    assert made.check_password(PASSWORD) and list(made.groups.all()) == [role]
    again = desk_of(house_admin).post("/admin/accounts/user/add/", {**form, "email": "NEW.HAND@pema.example"})
    assert again.status_code == 200 and User.objects.filter(first_name="New").count() == 1


def test_a_password_set_by_staff_ends_the_sessions(retreat, desk_of, house_admin, front_desk):
    epoch = front_desk.session_epoch
    form = {"password1": "another-long-password", "password2": "another-long-password", "usable_password": "true"}
    answer = desk_of(house_admin).post(f"/admin/accounts/user/{front_desk.pk}/password/", form)
    front_desk.refresh_from_db()
    assert answer.status_code == 302 and front_desk.check_password("another-long-password")
    assert front_desk.session_epoch == epoch + 1


def test_my_own_new_password_keeps_me_in_and_ends_the_rest(retreat, front_desk):
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        sign_in(client, front_desk)
    assert here.get("/admin/password_change/")["Location"] == "/profile/password"
    form = {"current": PASSWORD, "password": "another-long-password"}
    assert here.post("/profile/password", form).status_code == 303
    assert here.get("/admin/today/").status_code == 200
    assert elsewhere.get("/admin/today/").status_code == 302


def test_roles_are_kept_by_the_code(retreat, desk_of, superuser):
    group = Group.objects.get(name="front_desk")
    client = desk_of(superuser)
    assert "Can check guests in" in client.get(f"/admin/auth/group/{group.pk}/change/").content.decode()
    assert client.post(f"/admin/auth/group/{group.pk}/change/", {"name": "x"}).status_code == 403


def test_tasks_are_done_once(retreat, desk_of, front_desk, editor):
    task = ask_staff("front_desk", "Call the guest", key="k", subject="", at=timezone.now())
    client, row = desk_of(front_desk), "/admin/notifications/stafftask/finish/"
    assert "Call the guest" in client.get("/admin/notifications/stafftask/").content.decode()
    assert desk_of(editor).post(row, {"task": task.pk}).status_code == 403
    client.post(row, {"task": task.pk})
    task.refresh_from_db()
    assert task.done_by == front_desk
    assert "already" in client.post(row, {"task": task.pk}, follow=True).content.decode()
    assert client.post(row, {"task": "x"}).status_code == 404
    assert list(client.get("/admin/notifications/stafftask/").context["cl"].result_list) == []
    assert client.get("/admin/notifications/stafftask/?standing=done").context["cl"].result_list[0] == task
    assert StaffTask.objects.count() == 1


def test_the_mailbox_is_a_sandbox(desk_of, manager, retreat, settings):
    item = MailboxItem.objects.create(
        sender="a@pema.example",
        recipients="b@example.com",
        subject="Hello",
        text="Dear",
        html="<head></head><p>Dear</p>",
    )
    client = desk_of(manager)
    page = client.get(f"/admin/mailbox/{item.pk}/").content.decode()
    assert 'sandbox="allow-popups' in page and "<p>Dear</p>" not in page
    letter = client.get(f"/admin/mailbox/{item.pk}/html/")
    policy = letter["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'self'" in policy and "allow-scripts" not in policy
    assert client.get("/admin/mailbox/?q=hello&page=99").status_code == 200
    settings.SANDBOX = False
    for path in ("", f"{item.pk}/", f"{item.pk}/html/"):
        assert client.get(f"/admin/mailbox/{path}").status_code == 404


def test_letters_to_guests_are_for_the_manager_only(desk_of, retreat, manager):
    """Links in them sign in, and open forms: no desk reads another person's post, not even in the sandbox."""
    item = MailboxItem.objects.create(
        sender="a@pema.example", recipients="b@example.com", subject="Your form", text="https://x/form/secret-link"
    )
    paths = [f"/admin/mailbox/{path}" for path in ("", f"{item.pk}/", f"{item.pk}/html/")]
    for role in set(ROLES) - {"manager", "admin"}:
        client = desk_of(_person(f"Some {role}", role, staff=True))
        for path in paths:
            answer = client.get(path)
            assert answer.status_code == 403 and "secret-link" not in answer.content.decode()
        assert "/admin/mailbox/" not in client.get("/admin/", follow=True).content.decode()
    assert "secret-link" in desk_of(manager).get(paths[1]).content.decode()


def test_operations_try_dead_promises_again(stays, desk_of, manager, front_desk, drain):
    stays.held()
    message = Message.objects.create(
        key="dead", template="nothing", subject_of="x", recipient="a@example.com", work_state="dead", last_error="Gone"
    )
    url = f"/admin/operations/message/{message.pk}/retry/"
    assert desk_of(front_desk).get("/admin/operations/").status_code == 403
    assert desk_of(front_desk).post(url).status_code == 403
    client = desk_of(manager)
    assert "Gone" in client.get("/admin/operations/").content.decode()
    assert client.get(url).status_code == 405
    assert client.post(url).status_code == 302
    message.refresh_from_db()
    assert message.work_state == "pending"
    assert "not dead any more" in client.post(url, follow=True).content.decode()
    assert client.post("/admin/operations/nothing/1/retry/").status_code == 404


def test_nothing_comes_from_elsewhere(retreat, desk_of, front_desk):
    """No address of another site on a page, and the policy allows none."""
    page = desk_of(front_desk).get("/admin/")
    assert "//fonts." not in page.content.decode() and "https://" not in page.content.decode()
    assert "default-src 'self'" in page["Content-Security-Policy"]
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize("who", ["house_admin", "superuser"])
def test_nobody_changes_her_own_keys(retreat, desk_of, who, request):
    """Z4: her name she may change, her roles and flags not, whatever the form says."""
    person = request.getfixturevalue(who)
    before = sorted(person.groups.values_list("name", flat=True))
    form = person_form(person, first_name="Else", groups=[Group.objects.get(name="finance").pk])
    del form["is_staff"]
    assert desk_of(person).post(f"/admin/accounts/user/{person.pk}/change/", form).status_code == 302
    person.refresh_from_db()
    assert person.first_name == "Else" and person.is_staff
    assert sorted(person.groups.values_list("name", flat=True)) == before


@pytest.mark.parametrize("role", ["doctor", "medical_lead"])
def test_medical_roles_are_given_by_a_medical_lead_or_a_superuser(
    retreat, desk_of, house_admin, superuser, front_desk, doctor, role
):
    """Z4: who keeps the accounts cannot let herself or a friend read the answers of guests."""
    url, wanted = f"/admin/accounts/user/{front_desk.pk}/change/", Group.objects.get(name=role)
    refused = desk_of(house_admin).post(url, person_form(front_desk, groups=[wanted.pk]))
    assert refused.status_code == 200 and "Only a medical lead" in refused.content.decode()
    assert not front_desk.groups.filter(pk=wanted.pk).exists()
    new = {"first_name": "New", "last_name": "Hand", "email": "new@pema.example", "is_staff": "on"}
    new |= {"password1": PASSWORD, "password2": PASSWORD, "groups": [wanted.pk], "usable_password": "true"}
    assert desk_of(house_admin).post("/admin/accounts/user/add/", new).status_code == 200
    assert not User.objects.filter(email="new@pema.example").exists()
    keeps = person_form(doctor, first_name="Else", groups=[Group.objects.get(name="doctor").pk])
    assert desk_of(house_admin).post(f"/admin/accounts/user/{doctor.pk}/change/", keeps).status_code == 302
    house_admin.groups.add(Group.objects.get(name="medical_lead"))
    for giver in (house_admin, superuser):
        front_desk.groups.clear()
        assert desk_of(giver).post(url, person_form(front_desk, groups=[wanted.pk])).status_code == 302
        assert front_desk.groups.filter(pk=wanted.pk).exists()


def test_a_doctors_password_is_not_set_by_who_keeps_the_accounts(retreat, desk_of, house_admin, medical_lead, doctor):
    """Z4: else she could sign in as the doctor and read."""
    url = f"/admin/accounts/user/{doctor.pk}/password/"
    new = {"password1": "another-long-password", "password2": "another-long-password", "usable_password": "true"}
    before = doctor.password
    assert desk_of(house_admin).post(url, new).status_code == 403
    doctor.refresh_from_db()
    assert doctor.password == before


def test_a_persons_page_says_whether_there_is_a_password_and_no_more(retreat, desk_of, superuser, front_desk):
    """Z8: nothing of how a password is kept is shown."""
    desk = desk_of(superuser)
    page = f"/admin/accounts/user/{front_desk.pk}/change/"
    for without in (False, True):
        text = desk.get(page).content.decode()
        assert ("Not set" in text) is without and "../password/" in text
        assert not re.search(r"algorithm|pbkdf2|md5|salt|Is staff|Is active|Staff status", text)
        front_desk.set_unusable_password()
        front_desk.save()
