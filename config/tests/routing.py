"""The rig of the route tests: every address, every caller, every verb, one's own and somebody else's objects."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.domain import tokens
from accounts.models import User
from accounts.roles import ADMIN, DOCTOR, MEDICAL_LEAD
from backoffice.doors import ANY_METHOD, CALLERS, NOBODY, PERSON, Route, callers_of, routes
from bookings.domain import lifecycle
from bookings.models import StayBooking
from config.tests.belongings import JUNK, Things, keyed, names_no_object
from config.tests.second_house import FOREIGN, STRANGER, LakeStays, build, clutter, everybody, person
from core.actors import SYSTEM
from core.doors import HOLDER, Scope
from payments.models import Payment
from rooms.models import Property

OWN, NEAR, OTHER = "own", "near", "other"  # the guest's; another guest's of the same property; of another property
REFUSED = {401, 403, 404, 405}
SIGN_IN = ("/sign-in", "/admin/login", "/profile/second-factor", "/enrol")
# What a request may write without changing anything: counters, sessions, the log of looks, stored refusals.
BOOKKEEPING = (
    "django_session",
    "audit_accesslog",
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


HALF_OPEN = {(NOBODY, "api/v1/bookings")}  # anybody may book, only accounts have a list
# Where a bare look is answered with a refusal, and why.
NO_LOOK = re.compile(
    r"admin/(login|logout|today/<|rooms/room/mark|.*/finish/)"  # buttons: only POST does something
    r"|admin/autocomplete"  # answers only when asked for a field of a form
    r"|sign-in/(code/confirm|factor|passkey)"  # the second page of two: the first has not been filled in
    r"|sign-in/again/(code|passkey)"  # for those who have an app or a passkey
    r"|stays/open/"  # the stay behind the link is in an account: its owner signs in
    r"|api/v1/me/export/<"  # wants a proof of identity that is minutes old
)
# Where it makes no difference whose objects stand behind the address.
ALIKE = (Scope.NONE, Scope.PUBLIC, Scope.HOUSE, Scope.WHOLE)
LEADS_ON = {"admin:"}  # the old address of a row and the catch-all: both lead on, where it is asked again


@dataclass
class World:
    """Two properties, two guests, one person per role at the first; `own` is the guest's there, `other` neither's."""

    people: dict[str, User]
    own: Things
    near: Things
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
        """The address for the owner (`whose`), and whether there is a real object behind it."""
        things, real = getattr(self, whose), True

        def fill(found: re.Match[str]) -> str:
            nonlocal real
            kind, _colon, name = found[1].rpartition(":")
            value = things.value(route, name)
            real = real and value is not None
            return value if value is not None else JUNK.get(kind, "1" if kind == "path" else "NOSUCHTHING")

        path = re.sub(r"<([^>]+)>", fill, route.path)
        path = path.replace("^(?P<app_label>", "bookings").replace("(?P<url>.*)$", "no/such/page/")
        path = re.sub(r"bookings[a-z|_]+\)/\$$", "bookings/", path)
        return f"/{path}", real

    def call(self, route: Route, role: str, whose: str, verb: str, body: Any = None, query: str = "") -> Any:
        """One request; the database is as it was before when it is over. `body`: what a JSON call carries."""
        path = self.address(route, whose)[0] + query
        headers = self.bearers[role] if route.path.startswith("api/") else {}
        client = self.clients[role]
        extra = {"content_type": "application/json", "data": json.dumps(body or {})}
        if verb in ("GET", "HEAD", "OPTIONS") or not route.path.startswith("api/"):
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
        open_to_holders = route.name in SECRET_ADDRESS | LEADS_ON or (keyed(route) and whose == OWN)
        if not may(route, role, whose) and not open_to_holders:
            knocked = keyed(route) or self._knocks(route) and answer.status_code in (302, 303, 400, 409, 415, 422)
            if not refused(answer) and not knocked and not (verb == "OPTIONS" and route.path.startswith("api/")):
                self.leaks.append(f"{here} is let in")
            if answer.wrote:
                self.leaks.append(f"{here} writes {answer.wrote} though refused")
        elif verb == "GET" and self._promised(route, role, whose) and refused(answer) and not asks_again(answer):
            self.leaks.append(f"{here} is refused, though declared")
        if not (open_to_holders and keyed(route)):
            self.read(here, route, role, answer)

    @staticmethod
    def _knocks(route: Route) -> bool:
        """At a holder's door somebody without the key is told so in the words of the form."""
        return not route.callers or (route.door is not None and HOLDER in route.door.who)

    def _promised(self, route: Route, role: str, whose: str) -> bool:
        """There is a page for this caller, with a real object behind it."""
        looks = "GET" in route.methods and (role, route.path) not in HALF_OPEN and not NO_LOOK.match(route.path)
        looks = looks and not ("<" in route.path and names_no_object(route))  # may not be in one's own list yet
        return looks and route.name not in LEADS_ON and self.address(route, whose)[1]

    def read(self, here: str, route: Route, role: str, answer: Any) -> None:
        """Write down when an answer shows words of the other property, or a guest those of another guest."""
        text = b"".join(answer.streaming_content) if answer.streaming else answer.content
        words = text.decode(errors="replace").lower()
        if role != ADMIN and FOREIGN in words:
            self.leaks.append(f"{here} shows something of the other property")
        mine = route.door is not None and route.door.scope == Scope.ASSIGNED
        if (role in (NOBODY, PERSON) or (mine and role == DOCTOR)) and STRANGER in words:
            self.leaks.append(f"{here} shows something of another guest")


def may(route: Route, role: str, whose: str) -> bool:
    """What the declaration says about this caller and these objects."""
    door = route.door
    assert door is not None
    if role not in callers_of(door) or (door.scope == Scope.WHOLE and role != ADMIN):
        return False
    if door.scope in ALIKE or names_no_object(route):
        return True
    home = whose in (OWN, NEAR)
    if role == PERSON:
        return whose == OWN
    if door.scope == Scope.OWN:
        by_right = bool(door.needs) and role in callers_of(type(door)((), door.scope, door.changes, door.needs))
        return by_right and (role == ADMIN or home)
    if door.scope == Scope.ASSIGNED:
        return home if role == MEDICAL_LEAD else whose == OWN
    return role == ADMIN or home


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
    next_door = stays.in_review(user=other_guest, room="pema-suite")
    near = Things(next_door, stays.held(user=other_guest), retreat, other_guest)
    StayBooking.objects.filter(pk=next_door.pk).update(contact_name=f"{STRANGER} Guest")
    next_door.medical_forms.update(doctor=person(DOCTOR, retreat, "second"))
    lake = build(today=stays.today)
    person(DOCTOR, lake, FOREIGN)
    farer = User.objects.create_user(f"{FOREIGN}@example.com", None, first_name=FOREIGN)
    far = LakeStays(lake, stays.gateway, at)
    other = Things(far.in_review(user=farer), far.held(user=farer), lake, farer)
    houses = ((stays, own, "home"), (stays, near, STRANGER), (far, other, FOREIGN))
    for house, things, word in houses:
        things.acquire(house, word=word, at=at, forged=things is not own)
    for house, things, word in (houses[0], houses[2]):
        gone = house.paid(user=things.owner, start=60)
        lifecycle.cancel(gone, by=SYSTEM, at=at, reason=word, by_house=True)
        clutter(house, things.stay, word=word, at=at)
    StayBooking.objects.filter(property=lake).update(contact_name=f"{FOREIGN} Guest", special_requests=FOREIGN)
    Payment.objects.filter(folio__owner_id=farer.pk).update(bank_reference=FOREIGN)
    made = World(people, own, near, other)
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
    both = (OWN, NEAR, OTHER) if "<" in route.path else (OWN,)
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
        yield role, both[-1 - turn % 2] if len(both) > 1 else OWN, main[turn % len(main)]
    for n in range(min(2, len(unable))):
        yield unable[(turn + n) % len(unable)], both[(turn + n) % len(both)], main[(turn + n) % len(main)]
    if len(both) > 1 and PERSON in able and not names_no_object(route):
        yield from product((PERSON,), (NEAR, OTHER), main)
    if len(both) > 1 and DOCTOR in able and route.door is not None and route.door.scope == Scope.ASSIGNED:
        yield from product((DOCTOR,), (NEAR, OTHER), main)
