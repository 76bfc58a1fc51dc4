"""The demo's sign-ins: one member of staff per role, two doctors, one guest."""

from __future__ import annotations

import os
from dataclasses import dataclass

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.models import User
from medical.models import DoctorProfile
from rooms.domain.staffing import work_for
from rooms.models import Property

GUEST_EMAIL = "guest@pema.example"


@dataclass(frozen=True)
class SignIn:
    """One demo account; `page` is where its work is, `role` the name of its group."""

    role: str
    email: str
    first_name: str
    last_name: str
    page: str = "/admin/"
    specialties: tuple[str, ...] = ()
    registration: str = ""


SIGN_INS = (
    SignIn("guest", GUEST_EMAIL, "Ananya", "Rao", "/stays"),
    SignIn("front_desk", "frontdesk@pema.example", "Kavita", "Naidu"),
    SignIn("reservations", "reservations@pema.example", "Rohan", "Mehta"),
    SignIn("finance", "finance@pema.example", "Latha", "Iyer"),
    SignIn(
        "doctor",
        "doctor@pema.example",
        "Dr Meera",
        "Pillai",
        specialties=("naturopathy", "nutrition", "internal medicine"),
        registration="AP-48213",
    ),
    SignIn(
        "doctor",
        "doctor2@pema.example",
        "Dr Arjun",
        "Menon",
        specialties=("physiotherapy", "mind"),
        registration="AP-51877",
    ),
    SignIn(
        "medical_lead",
        "lead@pema.example",
        "Dr Sudha",
        "Raghavan",
        specialties=("internal medicine",),
        registration="AP-30154",
    ),
    SignIn("content_editor", "editor@pema.example", "Nisha", "Varma"),
    SignIn("facilitator", "facilitator@pema.example", "Devika", "Shetty"),
    SignIn("manager", "manager@pema.example", "Vikram", "Reddy"),
    SignIn("admin", "admin@pema.example", "Padma", "Srinivasan"),
)


def password() -> str:
    """The one password of all demo sign-ins."""
    return os.environ.get("DEMO_PASSWORD") or "pema-demo"


def load() -> dict[str, User]:
    """The accounts by e-mail address; a slow hash is made once for all of them."""
    known = {user.email: user for user in User.objects.filter(email__in=[person.email for person in SIGN_INS])}
    hashed = _one_hash(list(known.values()))
    users = {person.email: _account(person, known.get(person.email), hashed) for person in SIGN_INS}
    for person in SIGN_INS:
        if person.specialties:
            DoctorProfile.objects.get_or_create(
                user=users[person.email],
                defaults={"specialties": list(person.specialties), "registration_number": person.registration},
            )
    return users


def _one_hash(users: list[User]) -> str:
    """The hash that all demo accounts share, kept while it still opens with the password asked for."""
    for user in users:
        if check_password(password(), user.password):
            return user.password
    return make_password(password())


def _account(person: SignIn, user: User | None, hashed: str) -> User:
    staff = person.role != "guest"
    if user is None:
        user = User(
            email=person.email,
            first_name=person.first_name,
            last_name=person.last_name,
            is_staff=staff,
            is_superuser=person.role == "admin",
            email_verified_at=timezone.now(),
            phone="" if staff else "+919900012345",
        )
    if user.password != hashed:
        user.password = hashed
        user.save()
    if staff:
        user.groups.add(Group.objects.get_or_create(name=person.role)[0])
        work_for(user, *Property.objects.all())
    return user
