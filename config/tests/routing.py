"""The rig of the route tests: every address, every caller, every verb, one's own and somebody else's objects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.domain import tokens
from accounts.models import User
from accounts.roles import ADMIN, DOCTOR, MEDICAL_LEAD
from backoffice.doors import ANY_METHOD, CALLERS, NOBODY, PERSON, Route, callers_of, routes
from bookings.domain import lifecycle
from bookings.models import StayBooking
from config.tests.second_house import FOREIGN, STRANGER, LakeStays, build, clutter, everybody, person
from core.actors import SYSTEM
from core.doors import HOLDER, Scope
from core.reach import Reach
from payments.models import Payment
from rooms.models import Property

OWN, OTHER = "own", "other"
REFUSED = {401, 403, 404, 405}
SIGN_IN = ("/sign-in", "/admin/login", "/profile/second-factor", "/enrol")
# What a request may write without changing anything: counters, sessions, the log of looks, stored refusals.
BOOKKEEPING = (
    "django_session",
    "audit_accesslog",
    "accounts_ratecounter",
    "accounts_limitcounter",
    "accounts_knock",
    "accounts_idempotencykey",
    "usersessions_usersession",
    "sandboxcrm_received",
    "accounts_cache",
)
# The address itself is the secret: whoever knows it is its holder.
SECRET_ADDRESS = {"payments:status", "payments:news", "payusim:page", "payusim:back"}
COUNT = """
SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables
WHERE relname <> ALL(%s) AND n_tup_ins + n_tup_upd + n_tup_del > 0
"""


@dataclass
class Things:
    """The objects of one owner, by the name that addresses give them."""

    stay: StayBooking
    held: StayBooking
    property: Property
    owner: User

    def value(self, route: Route, name: str, kind: str) -> str | None:
        """What stands in the address for the parameter `name`; None where there is no such object."""
        form = self.stay.medical_forms.first()
        known: dict[str, Any] = {
            "reference": self.held.reference if "hold" in route.path or "pay" in route.path else self.stay.reference,
            "form_id": form.public_id if form else None,
            "public_id": self.stay.folio.payments.first().public_id if "payments/" in route.path else None,
            "number": 1,
            "deed": "check-out",
            "id": self.owner.pk,
        }
        if name == "object_id":
            return self._row(route)
        if name == "slug":
            home = self.property.slug == "pema"
            return ("standard" if home else "lake-room") if "room" in route.path else ("detox" if home else "lake-rest")
        found = known.get(name)
        return None if found is None else str(found)

    def _row(self, route: Route) -> str | None:
        label = re.match(r"admin/(\w+)/(\w+)/", route.path)
        for model, page in admin.site._registry.items():
            if label and (model._meta.app_label, model._meta.model_name) == label.groups():
                rows = model._default_manager.all()
                if model is StayBooking:
                    rows = rows.filter(pk=self.stay.pk)
                elif model is User:
                    rows = rows.filter(pk=self.owner.pk)
                elif page.within is not None:
                    rows = Reach(False, frozenset([self.property.pk])).rows(rows, page.within)
                found = rows.order_by("pk").first()
                if found is not None:
                    return str(
                        getattr(found, "public_id", found.pk) if "medical/medicalform" in route.path else found.pk
                    )
        return None


HALF_OPEN = {(NOBODY, "api/v1/bookings")}  # anybody may book, only accounts have a list
# Buttons, and pages that need an earlier step or a fresh proof of identity: a bare look is answered with a refusal.
NO_LOOK = re.compile(
    r"admin/(logout|autocomplete|today/<|operations/<|rooms/room/mark|.*/finish/)"
    r"|sign-in/|profile/(security|password|privacy)|sandbox/crm/desk"
)
# Pages that cannot be divided by property: in a house of two they open only to those who see both.
UNDIVIDED = ("admin:mailbox", "admin:operations", "admin:privacy")
LEADS_ON = {"admin:"}  # the old address of a row and the catch-all: both lead on, where it is asked again
JUNK = {"uuid": "5d0c0f6c-0000-4000-8000-000000000000", "int": "987654", "slug": "no-such-thing", "str": "NOSUCHTHING"}


@dataclass
class World:
    """Two properties, two guests, one person per role at the first; `own` is the guest's there, `other` neither's."""

    people: dict[str, User]
    own: Things
    other: Things
    sent: int = 0
    leaks: list[str] = field(default_factory=list)
    clients: dict[str, Client] = field(default_factory=dict)
    bearers: dict[str, dict[str, str]] = field(default_factory=dict)

    def sign_everybody_in(self) -> None:
        for role, user in self.people.items():
            user.refresh_from_db()
            self.clients[role] = Client(raise_request_exception=False)
            self.clients[role].force_login(user)
            access = tokens.issue(user, at=timezone.now()).access
            self.bearers[role] = {"Authorization": f"Bearer {access}"}
        self.clients[NOBODY], self.bearers[NOBODY] = Client(raise_request_exception=False), {}

    def address(self, route: Route, whose: str) -> tuple[str, bool]:
        """The address for the owner, and whether there is a real object behind it."""
        things, real = getattr(self, whose), True

        def fill(found: re.Match[str]) -> str:
            nonlocal real
            kind, _colon, name = found[1].rpartition(":")
            value = things.value(route, name, kind)
            real = real and value is not None
            return value if value is not None else JUNK.get(kind, "1" if kind == "path" else "NOSUCHTHING")

        path = re.sub(r"<([^>]+)>", fill, route.path)
        path = path.replace("^(?P<app_label>", "bookings").replace("(?P<url>.*)$", "no/such/page/")
        path = re.sub(r"bookings[a-z|_]+\)/\$$", "bookings/", path)
        return f"/{path}", real

    def call(self, route: Route, role: str, whose: str, verb: str) -> Any:
        """One request; the database is as it was before when it is over."""
        path, _real = self.address(route, whose)
        headers = self.bearers[role] if route.path.startswith("api/") else {}
        client = self.clients[role]
        extra = {"content_type": "application/json", "data": "{}"} if route.path.startswith("api/") else {}
        if verb in ("GET", "HEAD", "OPTIONS"):
            extra = {}
        self.sent += 1
        cookies = client.cookies.copy()
        with transaction.atomic():
            before = writes()
            answer = client.generic(verb, path, headers=headers, **self._body(extra))
            answer.wrote = sorted(name for name, count in writes().items() if count > before.get(name, 0))
            transaction.set_rollback(True)
        client.cookies = cookies
        return answer

    @staticmethod
    def _body(extra: dict[str, Any]) -> dict[str, Any]:
        return extra or {"data": ""}

    def judge(self, route: Route, role: str, whose: str, verb: str) -> None:
        """Call, and write down what should not be."""
        answer = self.call(route, role, whose, verb)
        here = f"{verb} /{route.path} as {role}, {whose}: {answer.status_code}"
        if answer.status_code >= 500 and answer.status_code != 503:
            self.leaks.append(f"{here} breaks")
            return
        if verb in ("GET", "HEAD", "OPTIONS") and answer.wrote:
            self.leaks.append(f"{here} changes {answer.wrote} by {verb}")
        if not may(route, role, whose) and route.name not in SECRET_ADDRESS | LEADS_ON:
            knocked = self._knocks(route) and answer.status_code in (302, 303, 400, 409, 415, 422)
            if not refused(answer) and not knocked and not (verb == "OPTIONS" and route.path.startswith("api/")):
                self.leaks.append(f"{here} is let in")
            if answer.wrote:
                self.leaks.append(f"{here} writes {answer.wrote} though refused")
        elif verb == "GET" and self._promised(route, role, whose) and refused(answer) and not asks_again(answer):
            self.leaks.append(f"{here} is refused, though declared")
        self._read(here, role, answer)

    @staticmethod
    def _knocks(route: Route) -> bool:
        """At a holder's door somebody without the key is told so in the words of the form."""
        return not route.callers or (route.door is not None and HOLDER in route.door.who)

    def _promised(self, route: Route, role: str, whose: str) -> bool:
        """There is a page for this caller, with a real object behind it."""
        looks = "GET" in route.methods and (role, route.path) not in HALF_OPEN and not NO_LOOK.match(route.path)
        return looks and route.name not in LEADS_ON and self.address(route, whose)[1]

    def _read(self, here: str, role: str, answer: Any) -> None:
        text = b"".join(answer.streaming_content) if answer.streaming else answer.content
        words = text.decode(errors="replace").lower()
        if role != ADMIN and FOREIGN in words:
            self.leaks.append(f"{here} shows something of the other property")
        if role in (NOBODY, PERSON) and STRANGER in words:
            self.leaks.append(f"{here} shows something of another guest")


def may(route: Route, role: str, whose: str) -> bool:
    """What the declaration says about this caller and these objects."""
    door = route.door
    assert door is not None
    if role not in callers_of(door) or (route.name.startswith(UNDIVIDED) and role != ADMIN):
        return False
    if door.scope in (Scope.NONE, Scope.PUBLIC, Scope.HOUSE) or "<" not in route.path:
        return True
    if role == PERSON:
        return whose == OWN
    if door.scope == Scope.OWN:
        by_right = bool(door.needs) and role in callers_of(type(door)((), door.scope, door.changes, door.needs))
        return by_right and (role == ADMIN or whose == OWN)
    if door.scope == Scope.ASSIGNED and role not in (DOCTOR, MEDICAL_LEAD):
        return False
    return role == ADMIN or whose == OWN


def refused(answer: Any) -> bool:
    """401, 403, 404, 405, or led to a page for signing in."""
    if answer.status_code in REFUSED:
        return True
    return answer.status_code in (302, 303) and any(one in answer.headers["Location"] for one in SIGN_IN)


def asks_again(answer: Any) -> bool:
    """Let in, but asked to prove once more who it is."""
    return answer.status_code in (302, 303) and "/sign-in/again" in answer.headers["Location"]


def writes() -> dict[str, int]:
    """Rows written in this transaction so far by table, bookkeeping left out."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [list(BOOKKEEPING)])
        return dict(cursor.fetchall())


def world(retreat: Property, stays: Any, guest: User, other_guest: User, *, at: Any) -> World:
    """Everything that the matrix needs, built once."""
    with pytest.MonkeyPatch.context() as at_once:
        at_once.setattr(transaction, "on_commit", lambda act, **_more: act())  # the whole test is one transaction
        return _world(retreat, stays, guest, other_guest, at=at)


def _world(retreat: Property, stays: Any, guest: User, other_guest: User, *, at: Any) -> World:
    User.objects.filter(pk=other_guest.pk).update(first_name=STRANGER, email=f"{STRANGER}@example.com")
    other_guest.refresh_from_db()
    people = {PERSON: guest, **everybody(retreat)}
    stays.retreat.staff.exclude(user__in=[one.pk for one in people.values()]).delete()
    own = Things(stays.in_review(user=guest), stays.held(user=guest), retreat, guest)
    stranger = stays.in_review(user=other_guest, room="pema-suite")
    StayBooking.objects.filter(pk=stranger.pk).update(contact_name=f"{STRANGER} Guest")
    lake = build(today=stays.today)
    person(DOCTOR, lake, FOREIGN)
    farer = User.objects.create_user(f"{FOREIGN}@example.com", None, first_name=FOREIGN)
    far = LakeStays(lake, stays.gateway, at)
    other = Things(far.in_review(user=farer), far.held(user=farer), lake, farer)
    for house, things, word in ((stays, own, "home"), (far, other, FOREIGN)):
        gone = house.paid(user=things.owner, start=60)
        lifecycle.cancel(gone, by=SYSTEM, at=at, reason=word, by_house=True)
        clutter(house, things.stay, word=word, at=at)
    StayBooking.objects.filter(property=lake).update(contact_name=f"{FOREIGN} Guest", special_requests=FOREIGN)
    Payment.objects.filter(folio__owner_id=farer.pk).update(bank_reference=FOREIGN)
    made = World(people, own, other)
    made.sign_everybody_in()
    return made


def of(*kinds: str) -> Iterator[Route]:
    """The routes whose path begins with one of `kinds`; "" stands for the pages of the site."""
    for route in routes():
        first = next((kind for kind in ("api/", "admin/", "sandbox/") if route.path.startswith(kind)), "")
        if first in kinds:
            yield route


def calls(route: Route, turn: int, *, every: bool) -> Iterator[tuple[str, str, str]]:
    """(role, whose, verb): the full product; or, in turn, one who may and two who may not, and what is not theirs."""
    both = (OWN, OTHER) if "<" in route.path else (OWN,)
    if every:
        yield from product(CALLERS, both, ANY_METHOD)
        return
    main = [verb for verb in ANY_METHOD if verb in route.methods and verb not in ("HEAD", "OPTIONS")] or ["GET"]
    main = ["GET", "POST"] if len(main) == 5 else main
    rest = [verb for verb in ANY_METHOD if verb not in main]
    able = [role for role in CALLERS if may(route, role, OWN)]
    unable = [role for role in CALLERS if role not in able]
    if able:
        role = able[turn % len(able)]
        yield role, OWN, main[0]
        yield role, OWN, [*main, *rest][turn % (len(main) + len(rest))]
        yield role, both[-1], main[turn % len(main)]
    for n in range(min(2, len(unable))):
        yield unable[(turn + n) % len(unable)], both[n % len(both)], main[(turn + n) % len(main)]
    if len(both) == 2 and PERSON in able:
        yield PERSON, OTHER, main[0]
