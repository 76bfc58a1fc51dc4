"""One real object of each kind for each owner: what stands in an address for its parameters.

An address that takes a name nobody knows here fails the build, so that "somebody else's object" is always tried.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import admin

from accounts.domain import companions, devices, passwords, tokens, unsubscribing
from accounts.domain.privacy import erasure
from accounts.models import ContactChange, CorrectionRequest, ErasureRequest, ExportPack, LegalHold, RefreshToken, User
from backoffice.doors import Route
from bookings.domain import access, favourites
from bookings.models import StayBooking
from bookings.tests import reviews
from config.tests import passkeys
from core.doors import HOLDER
from core.reach import Reach
from core.work import WorkState
from medical.models import Clarification
from medical.sealed import seal
from rooms.models import Property, Room

NAMES = re.compile(r"<(?:(\w+):)?(\w+)>")
# The key itself opens the door, to whoever holds it: tried with the real one, and with one that somebody made up.
KEYS = {"token", "key", "signed", "uidb36"}
# Names of what is published: the address is the same for everybody, and answers about the caller's own list.
PUBLIC_NAMES = {"kind", "slug"}


def keyed(route: Route) -> bool:
    """Only the holder of a signed key comes in here."""
    names = {name for _kind, name in NAMES.findall(route.path)}
    return route.door is not None and route.door.who == (HOLDER,) and bool(names & KEYS)


def names_no_object(route: Route) -> bool:
    """Without parameters, or only with those that name what is published."""
    names = {name for _kind, name in NAMES.findall(route.path)}
    return not names or (names == PUBLIC_NAMES and not route.path.startswith("admin/"))


@dataclass
class Things:
    """The objects of one owner, by the name that addresses give them."""

    stay: StayBooking
    held: StayBooking
    property: Property
    owner: User
    made: dict[str, Any] = field(default_factory=dict)

    def acquire(self, stays: Any, *, word: str, at: datetime, forged: bool) -> Things:
        """Make what a person can have beside stays; `forged` keys are the real ones with their last sign changed."""
        day = stays.today
        mate = companions.add(
            self.owner, at=at, today=day, name=f"{word} Mate", relation="partner", birth_date=date(1980, 2, 1)
        )
        device, _new = devices.register(self.owner, f"push-{word}", platform="android", at=at, name=word)
        tokens.issue(self.owner, at=at, device=word)
        soon = at + timedelta(1)
        pack = ExportPack.objects.create(
            key=f"test:{word}", user=self.owner, work_state=WorkState.DONE, size=1, ready_at=at, expires_at=soon
        )
        gone = ErasureRequest.objects.create(
            key=f"test:{word}", user=self.owner, work_state=WorkState.DONE, state=ErasureRequest.State.UNDONE
        )
        passkey = Authenticator.objects.create(
            user=self.owner,
            type=Authenticator.Type.WEBAUTHN,
            data={"name": word, "credential": passkeys.registration(word)},
        )
        undo = f"undo-{self.owner.public_id.hex}"
        ContactChange.objects.create(
            user=self.owner,
            kind="email",
            old=self.owner.email,
            new=f"new.{word}@example.com",
            undo_digest=hashlib.sha256(undo.encode()).hexdigest(),
            undo_until=soon,
        )
        for kind, slug in self.published().items():
            favourites.save(self.owner, favourites.thing(kind, slug), at=at)
        review = reviews.written(stays, user=self.owner, text=f"{word} was quiet.", start=100, show_name=False)
        uidb36, _dash, key = passwords.key(self.owner).partition("-")
        keys = {
            "account/keep/": {"token": erasure.undo_link(gone).rstrip("/").rsplit("/", 1)[1]},
            "account/undo/": {"key": undo},
            "unsubscribe/": {"signed": unsubscribing.link(self.owner).rstrip("/").rsplit("/", 1)[1]},
            "stays/open/": {"signed": access.link(self.stay.reference).split("/stays/open/")[1].split("/")[0]},
            "password/new/": {"uidb36": uidb36, "key": key},
        }
        if forged:
            keys = {path: {name: _forged(value) for name, value in named.items()} for path, named in keys.items()}
        form = self.stay.medical_forms.get()
        asked = Clarification(form=form, doctor=form.doctor, asked_at=at)
        seal(asked, "question", f"{word}: since when?")
        asked.save()
        self.made = {
            "question": asked.public_id,
            "companion_id": mate.public_id,
            "device_id": device.public_id,
            "session_id": RefreshToken.objects.get(user=self.owner, device=word).family,
            "pack_id": pack.public_id,
            "pk": passkey.pk,
            "review": review.public_id,
            "keys": keys,
            "correction": CorrectionRequest.objects.create(
                user=self.owner, about="other", wish=f"{word} wish", due_at=soon
            ).public_id,
            "hold": LegalHold.objects.create(request=gone, code="test", subject=f"test:{word}", words=word).public_id,
        }
        return self

    def published(self) -> dict[str, str]:
        """A program and a room type of this property, by the kinds of the list of favourites."""
        home = self.property.slug == "pema"
        return {"program": "detox" if home else "lake-rest", "room-type": "standard" if home else "lake-room"}

    def value(self, route: Route, name: str) -> str | None:
        """What stands in the address for the parameter `name`; None where there is no such object."""
        path = route.path
        for start, named in self.made["keys"].items():
            if path.startswith(start) and name in named:
                return str(named[name])
        if name == "object_id":
            return self._row(path)
        if name == "slug":
            return self.published()["room-type" if "room" in path else "program"]
        found = self._known(path).get(name)
        return None if found is None else str(found)

    def _known(self, path: str) -> dict[str, Any]:
        form = self.stay.medical_forms.first()
        public = {"payments/": self.stay.folio.payments.first().public_id, "reviews/": self.made["review"]}
        public |= {"privacy/corrections/": self.made["correction"], "privacy/held/": self.made["hold"]}
        return {
            **{name: self.made[name] for name in ("companion_id", "device_id", "session_id", "pack_id")},
            "reference": self.held.reference if "hold" in path or "pay" in path else self.stay.reference,
            "form_id": form.public_id if form else None,
            "public_id": next((value for part, value in public.items() if part in path), None),
            "id": self.made["session_id"] if "devices/" in path else self.owner.pk,
            "pk": self.made["pk"] if "passkeys/" in path else None,
            "number": 1,
            "deed": "check-out",
            "page": "stay",
            "kind": "program" if "operations" not in path else None,
            "code": "messages",
            "role": "guest",
        }

    def _row(self, path: str) -> str | None:
        label = re.match(r"admin/(\w+)/(\w+)/", path)
        for model, page in admin.site._registry.items():
            if label and (model._meta.app_label, model._meta.model_name) == label.groups():
                rows: Any = model._default_manager.all()
                if model in (StayBooking, User):
                    rows = rows.filter(pk=(self.stay if model is StayBooking else self.owner).pk)
                elif label[2] == "medicalform":
                    return str(self.stay.medical_forms.get().public_id)
                elif page.within is not None:
                    rows = Reach(False, frozenset([self.property.pk])).rows(rows, page.within)
                if label[2] == "redflagrule":
                    rows = rows.filter(program__isnull=False)  # those without one are everybody's
                found = rows.order_by("pk").first()
                return None if found is None else str(found.pk)
        return None

    def in_body(self, name: str, known: Any) -> Any:
        """What a request's field `name` holds when it names something of this owner's; else `known`."""
        mine = {
            "booking": self.stay.reference,
            "companion": self.made["companion_id"],
            "question": self.made["question"],
        }
        return str(mine[name]) if name in mine else known

    def room_number(self) -> str:
        """Of a room of this property."""
        return str(Room.objects.filter(room_type__property=self.property).order_by("pk")[0].number)


def _forged(key: str) -> str:
    return key[:-1] + ("A" if key[-1] != "A" else "B")


JUNK = {"uuid": str(uuid.UUID(int=0x5D0C0F6C << 96)), "int": "987654", "slug": "no-such-thing", "str": "NOSUCHTHING"}
