"""Reviews by guests: written after the stay, read by us, then shown; the stars are counted where the state moves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction

from audit.record import changed
from bookings.domain.words import tell
from bookings.models import GuestReview, StayBooking
from bookings.states import State
from core.actors import Actor
from core.db import in_transaction
from core.errors import Conflict, Invalid, Missing
from core.free_text import mask_cards
from programs.domain import standing

LONGEST = 1000  # characters (domain.md: 1 to 1000)
WAITING, PUBLISHED, DECLINED = GuestReview.State.WAITING, GuestReview.State.PUBLISHED, GuestReview.State.DECLINED


def write(
    booking: StayBooking, *, rating: int, text: str, show_name: bool = False, by: Actor, at: datetime
) -> GuestReview:
    """Write the one review of a completed stay; it waits until somebody of the house has read it.

    `rating` 1 to 5 stars, `text` 1 to 1000 characters, `show_name` agrees to first name and initial. Raises
    Conflict("not_completed" | "already_reviewed"), Invalid("bad_rating" | "empty_text" | "too_long").
    """
    said = _checked(rating, text)

    def act() -> GuestReview:
        row = StayBooking.objects.select_for_update(of=("self",)).get(pk=booking.pk)
        if row.state != State.COMPLETED:
            raise Conflict("not_completed", "A stay can be reviewed when it is over.", state=row.state)
        if GuestReview.objects.filter(booking=row).exists():
            raise _twice()
        first = row.rooms.order_by("position", "pk").first()
        if first is None:
            raise Conflict("not_completed", "This stay has no room to speak of.")
        made = GuestReview(
            booking=row,
            program_id=row.program_id,
            room_type_id=first.room_type_id,
            rating=rating,
            text=said,
            author=signature(row.contact_name),
            show_name=show_name,
            written_at=at,
            changed_at=at,
        )
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError:
            raise _twice() from None
        changed(made.subject, "review written", by=by, at=at, to_state=WAITING, booking=row.reference)
        return made

    return in_transaction(act)


def change(
    review: GuestReview, *, rating: int, text: str, show_name: bool = False, by: Actor, at: datetime
) -> GuestReview:
    """Write it anew; whatever became of the old words, the new ones are read first. The answer of the house goes."""
    said = _checked(rating, text)

    def edit(row: GuestReview) -> None:
        if (row.rating, row.text, row.show_name) == (rating, said, show_name):
            return
        before = row.state
        _uncount(row)
        row.rating, row.text, row.show_name, row.changed_at = rating, said, show_name, at
        row.state, row.published_at, row.decline_reason = WAITING, None, ""
        row.reply, row.replied_at = "", None
        row.save()
        changed(row.subject, "review changed", by=by, at=at, from_state=before, to_state=WAITING)

    return _locked(review, edit)


def withdraw(review: GuestReview, *, by: Actor, at: datetime) -> None:
    """Take the own review away for good; the stay may be reviewed again."""

    def remove(row: GuestReview) -> None:
        _uncount(row)
        changed(row.subject, "review withdrawn", by=by, at=at, from_state=row.state, booking=row.booking.reference)
        GuestReview.objects.filter(pk=row.pk).delete()

    _locked(review, remove)


def publish(review: GuestReview, *, by: Actor, at: datetime, seen: datetime | None = None) -> GuestReview:
    """Show it to everybody and count its stars. `seen` is the version that was read: newer words are not published.

    Raises Conflict("wrong_state" | "review_changed").
    """

    def show(row: GuestReview) -> None:
        if row.state == PUBLISHED:
            raise Conflict("wrong_state", "This review is published already.")
        if seen is not None and row.changed_at != seen:
            raise Conflict("review_changed", "The guest has changed the words meanwhile. Please read them again.")
        before = row.state
        row.state, row.published_at, row.decline_reason = PUBLISHED, at, ""
        row.save()
        _count(row, 1)
        changed(row.subject, "review published", by=by, at=at, from_state=before, to_state=PUBLISHED)

    return _locked(review, show)


def decline(review: GuestReview, *, reason: str, by: Actor, at: datetime) -> GuestReview:
    """Do not show it, or no longer; the guest is told kindly, with `reason` (1 to 300 characters).

    Raises Conflict("wrong_state"), Invalid("reason_needed").
    """
    words = reason.strip()[:300]
    if not words:
        raise Invalid("reason_needed", "Say why; the guest reads it.", attr="reason")

    def refuse(row: GuestReview) -> None:
        if row.state == DECLINED:
            raise Conflict("wrong_state", "This review is declined already.")
        before = row.state
        _uncount(row)
        row.state, row.published_at, row.decline_reason = DECLINED, None, words
        row.save()
        changed(row.subject, "review declined", by=by, at=at, from_state=before, to_state=DECLINED, reason=words)
        tell(row.booking, "review_not_published", at=at, once=at.isoformat(), page="review", reason=words)

    return _locked(review, refuse)


def answer(review: GuestReview, *, reply: str, by: Actor, at: datetime) -> GuestReview:
    """The reply of the house below a review, at most 1000 characters; an empty one takes it away."""
    words = reply.strip()
    if len(words) > LONGEST:
        raise Invalid("too_long", f"At most {LONGEST} characters.", attr="reply")

    def say(row: GuestReview) -> None:
        row.reply, row.replied_at = words, at if words else None
        row.save()
        changed(row.subject, "review answered" if words else "answer taken back", by=by, at=at)

    return _locked(review, say)


def signature(name: str) -> str:
    """Asha Rao -> Asha R."""
    parts = name.split()
    if not parts:
        return ""
    initial = f" {parts[-1][0].upper()}." if len(parts) > 1 else ""
    return f"{parts[0][:40]}{initial}"


def _checked(rating: int, text: str) -> str:
    if isinstance(rating, bool) or rating not in range(1, 6):
        raise Invalid("bad_rating", "Give one to five stars.", attr="rating")
    said = mask_cards(text.strip())
    if not said:
        raise Invalid("empty_text", "Write a few words.", attr="text")
    if len(said) > LONGEST:
        raise Invalid("too_long", f"At most {LONGEST} characters.", attr="text")
    return said


def _twice() -> Conflict:
    return Conflict("already_reviewed", "This stay has its review already. You can change it.")


def _locked(review: GuestReview, act: Callable[[GuestReview], None]) -> GuestReview:
    """Run `act` on the row as it is now, locked (booking → review → counters). Raises Missing("no_such_review")."""

    def run() -> GuestReview:
        rows = GuestReview.objects.select_for_update(of=("self",))
        row = rows.select_related("booking", "program", "room_type").filter(pk=review.pk).first()
        if row is None:
            raise Missing("no_such_review", "There is no such review.")
        act(row)
        return row

    return in_transaction(run)


def _uncount(row: GuestReview) -> None:
    if row.state == PUBLISHED:
        _count(row, -1)


def _count(row: GuestReview, sign: int) -> None:
    """Program first, room type second, always: two reviews never wait for each other in a ring."""
    for thing in (row.program, row.room_type):
        standing.move(thing, reviews=sign, stars=sign * row.rating)
