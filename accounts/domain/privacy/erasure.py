"""The right to be forgotten: 48 hours of notice with a way back, then a worker makes the person nameless everywhere.

What a law or an open matter keeps is said to the guest with its dates, and moved out of the tables into sealed holds.
The account's row stays as a husk without a name, because bills and history point at it. Safe to repeat at any point.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.domain.privacy import news, tombstones
from accounts.domain.privacy.who import person_of
from accounts.models import ErasureRequest, LegalHold, User
from core import crypto, personal_data, work
from core.actors import SYSTEM, Actor
from core.errors import Conflict, Missing, NotAllowed
from core.personal_data import Hold, Person
from core.work import WorkState

KIND = "erasure"
NOTICE = timedelta(hours=48)
SALT = "privacy.erasure.undo"
E = ErasureRequest.State


def ask(user: User, *, at: datetime) -> ErasureRequest:
    """Begin the notice of 48 hours. Raises NotAllowed("staff_account"), Conflict("erasure_running")."""
    if user.is_staff:
        raise NotAllowed("staff_account", "A member of staff is not erased here. Please speak with the administrator.")
    if not user.is_active:
        raise Conflict("account_closed", "This account is closed.")
    try:
        with transaction.atomic():
            row = ErasureRequest.objects.create(
                key=f"erasure:{user.public_id}:{at.timestamp():.6f}",
                user=user,
                asked_at=at,
                due_at=at + NOTICE,
                created_at=at,
            )
            news.tell(
                "erasure asked",
                user,
                by=Actor.of(user, "guest"),
                at=at,
                letter="privacy_erasure_asked",
                context={"link": undo_link(row), "hours": int(NOTICE.total_seconds() // 3600)},
            )
    except IntegrityError:
        raise Conflict("erasure_running", "You have asked for this already; the notice is running.") from None
    return row


def undo(row: ErasureRequest, *, by: Actor, at: datetime) -> ErasureRequest:
    """Take the wish back while the notice runs. Raises Conflict("too_late") when it is over or taken back already."""
    with transaction.atomic():
        locked = ErasureRequest.objects.select_for_update().get(pk=row.pk)
        if locked.state != E.ASKED or locked.due_at <= at or locked.work_state != WorkState.PENDING:
            raise Conflict("too_late", "This cannot be taken back any more.")
        locked.state, locked.undone_at = E.UNDONE, at
        locked.work_state, locked.done_at = WorkState.DONE, at
        locked.save(update_fields=["state", "undone_at", "work_state", "done_at"])
        news.tell("erasure taken back", locked.user, by=by, at=at, letter="privacy_erasure_undone")
    return locked


def running(user: User) -> ErasureRequest | None:
    """The wish whose notice is running."""
    return ErasureRequest.objects.filter(user=user, state=E.ASKED).first()


def undo_link(row: ErasureRequest) -> str:
    """The address in the letter; it works without signing in, until the notice is over."""
    token = signing.dumps(str(row.public_id), salt=SALT)
    return f"{settings.SITE_URL}{reverse('accounts:privacy-undo', args=[token])}"


def by_link(token: str) -> ErasureRequest:
    """The wish behind an address. Raises Missing("no_such_request")."""
    try:
        public_id = signing.loads(token, salt=SALT, max_age=NOTICE)
    except signing.BadSignature:
        raise Missing("no_such_request", "This link has run out or is not complete.") from None
    row = ErasureRequest.objects.filter(public_id=public_id).first()
    if row is None:
        raise Missing("no_such_request", "This link has run out or is not complete.")
    return row


def preview(user: User, *, at: datetime) -> list[Hold]:
    """What would stay, and until when: said before anything is asked."""
    return personal_data.holds_of(person_of(user), at=at)


def keep(row: ErasureRequest) -> None:
    """The notice is over: erase. Run by a worker; one transaction, so that nobody is half forgotten."""
    at = timezone.now()
    with transaction.atomic():
        locked = ErasureRequest.objects.select_for_update().get(pk=row.pk)
        if locked.state != E.ASKED:
            return
        user = User.objects.select_for_update().get(pk=locked.user_id)
        last = (user.email, user.get_full_name())
        person = person_of(user)
        holds = personal_data.holds_of(person, at=at)
        tombstones.raise_for(user, at=at)
        _hold(locked, holds, at)
        personal_data.erase(person, holds, at=at)
        locked.state, locked.erased_at = E.ERASED, at
        locked.save(update_fields=["state", "erased_at"])
        news.tell("erased", user, by=SYSTEM, at=at, subject=f"erasure:{locked.public_id}", holds=len(holds))
        news.tell(
            "goodbye promised",
            user,
            by=SYSTEM,
            at=at,
            subject=f"erasure:{locked.public_id}",
            letter="privacy_erased",
            to=last[0],
            name=last[1],
            context={"held": [{"words": hold.words, "until": _until(hold)} for hold in holds]},
        )


def again(user: User, *, at: datetime) -> int:
    """Erase what an earlier erasure had to leave, or what a restored backup brought back. Returns how much is held."""
    request = ErasureRequest.objects.filter(user=user).order_by("-id").first()
    if request is None or request.state != E.ERASED:
        key = f"erasure:{user.public_id}:again"
        request, _ = ErasureRequest.objects.update_or_create(
            key=key,
            defaults={
                "user": user,
                "state": E.ERASED,
                "asked_at": at,
                "erased_at": at,
                "work_state": WorkState.DONE,
                "done_at": at,
            },
        )
    person = person_of(user)
    holds = personal_data.holds_of(person, at=at)
    _hold(request, holds, at)
    personal_data.erase(person, holds, at=at)
    return len(holds)


def release_due(*, at: datetime) -> int:
    """Every night: holds whose day has come are let go, and their person is erased once more where rows had stayed.

    Person by person, each in a transaction of her own: one that fails is tried again the next night and stops nobody.
    Returns how many holds were let go.
    """
    due = LegalHold.objects.filter(Q(until__lte=at.date()) | Q(until__isnull=True), released_at__isnull=True)
    people: dict[int, list[int]] = {}
    for user_id, pk in due.order_by("until", "pk").values_list("request__user_id", "pk").iterator(chunk_size=2000):
        people.setdefault(user_id, []).append(pk)
    let_go: list[int] = []
    work.each(people, lambda user_id: let_go.append(_release(user_id, people[user_id], at)))
    return sum(let_go)


def _release(user_id: int, holds: Sequence[int], at: datetime) -> int:
    """Erase the person once more, and let go of those of her `holds` that nothing asks for any more."""
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user_id)
        again(user, at=at)
        still_held = {(one.code, one.subject) for one in personal_data.holds_of(person_of(user), at=at)}
        done = 0
        for hold in LegalHold.objects.select_for_update().filter(pk__in=holds).order_by("pk"):
            goes_on = (hold.code, hold.subject) in still_held if hold.until is None else hold.until > at.date()
            if goes_on or hold.released_at is not None:
                continue
            hold.sealed, hold.released_at = "", at
            hold.save(update_fields=["sealed", "released_at"])
            news.tell("hold released", None, by=SYSTEM, at=at, subject=f"hold:{hold.public_id}", code=hold.code)
            done += 1
        return done


def open_hold(hold: LegalHold, *, reason: str, by: Actor, at: datetime) -> dict[str, object]:
    """What is kept for a tax office or a court, for somebody who must show it; each look is written down.

    Raises Missing("released") when its day has come.
    """
    if hold.released_at is not None or not hold.sealed:
        raise Missing("released", "Nothing is kept here any more.")
    news.tell("hold opened", None, by=by, at=at, subject=f"hold:{hold.public_id}", code=hold.code, reason=reason[:200])
    opened: dict[str, object] = crypto.unseal(hold.sealed, row=_row(hold))
    return opened


def _hold(request: ErasureRequest, holds: Sequence[Hold], at: datetime) -> None:
    for one in holds:
        row, made = LegalHold.objects.get_or_create(
            request=request,
            code=one.code,
            subject=one.subject,
            defaults={"words": one.words[:300], "until": one.until, "created_at": at},
        )
        if one.data and not row.sealed:
            row.sealed = crypto.seal(dict(one.data), row=_row(row))
        if made or row.until != one.until or one.data:
            row.until, row.words = one.until, one.words[:300]
            row.save(update_fields=["sealed", "until", "words"])


def _until(hold: Hold) -> str:
    return hold.until.isoformat() if hold.until else ""


def _row(hold: LegalHold) -> str:
    return f"accounts.legalhold.sealed:{hold.public_id}"


def still_there(person: Person) -> bool:
    """True while the account has a name."""
    return User.objects.filter(pk=person.user_id, is_active=True).exists()


work.Registry.add(KIND, ErasureRequest, keep)
