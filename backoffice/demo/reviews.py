"""What guests of the planned year say: published, a few waiting to be read, some answered; none too sweet."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from django.db.models import Count, Sum

from backoffice.demo.write import BATCH, Written
from bookings.domain.reviews import signature
from bookings.models import GuestReview
from bookings.states import State
from programs.domain import standing
from programs.models import Program
from rooms.models import RoomType

WAITING = 4  # the newest ones, for the desk to read
WORDS: dict[int, tuple[str, ...]] = {
    5: (
        "I slept through the night on day three, for the first time in a year. Nobody asked me to be anywhere.",
        "The food is plain and you will miss it when you are home. Thank you to the kitchen, above all.",
        "My doctor knew my name, my mother's worries and when to say nothing. I have already booked again.",
        "Came exhausted, left rested. The morning walk to the water is worth the whole journey.",
        "Every therapist asked before they began, and stopped when I said so. That is rarer than it should be.",
        "Quiet, and I mean quiet. Even the doors close softly.",
        "We came as a couple and each had our own plan. In the evening we had things to tell each other.",
    ),
    4: (
        "A very good week. I would have liked one more session of yoga in the afternoon and one less in the morning.",
        "Everything with care. The room is lovely, though the path to the treatment house is steep in the rain.",
        "The first two days are hard, as they warn you. From the third on I did not want to leave.",
        "Kind people, honest advice. The internet is slow, which by Thursday I counted as a benefit.",
        "I came sceptical and go home with habits I can keep. Bring a warm layer for the early hours.",
    ),
    3: (
        "The treatments are excellent. The menu repeats itself after five days; a little more choice would help.",
        "Good, but the journey from the airport took longer than we were told.",
        "My stay was too short for what I wanted from it. Take the longer program if you can.",
    ),
    2: ("The rest was good, but a room near mine was being repaired for two mornings.",),
}
MIX = (5, 5, 5, 4, 5, 4, 5, 4, 3, 5, 4, 5, 3, 5, 4, 5, 2, 4)
REPLIES = {
    2: "You are right, and we are sorry. The work is finished, and we no longer repair before ten.",
    3: "Thank you for telling us. We have taken it to the morning round.",
}


def write_reviews(written: list[Written], *, now: datetime, seed: int) -> int:
    """A review for about half of the stays that are over; the stars are counted once, at the end."""
    rng = Random(seed)
    ended = sorted((row for row in written if _over(row)), key=lambda row: row.draft.times.ended or now)
    chosen = [row for row in ended if rng.random() < 0.5]
    rows = [
        _review(row, MIX[place % len(MIX)], rng, now=now, fresh=place >= len(chosen) - WAITING)
        for place, row in enumerate(chosen)
    ]
    GuestReview.objects.bulk_create(rows, batch_size=BATCH)
    count_stars()
    return len(rows)


def count_stars() -> None:
    """Write the counters of all programs and room types from their published reviews."""
    shown = GuestReview.objects.filter(state=GuestReview.State.PUBLISHED).order_by()
    for name, model in (("program_id", Program), ("room_type_id", RoomType)):
        things = model.objects.in_bulk()
        for row in shown.values(name).annotate(reviews=Count("id"), stars=Sum("rating")):
            standing.write(things[row[name]], reviews=row["reviews"], stars=row["stars"])


def _over(row: Written) -> bool:
    return row.draft.state == State.COMPLETED and row.draft.times.ended is not None


def _review(row: Written, rating: int, rng: Random, *, now: datetime, fresh: bool) -> GuestReview:
    said_at = min((row.draft.times.ended or now) + timedelta(hours=rng.randint(6, 70)), now - timedelta(minutes=30))
    shown_at = min(said_at + timedelta(hours=rng.randint(2, 20)), now)
    reply = "" if fresh else REPLIES.get(rating, "")
    return GuestReview(
        booking=row.booking,
        program_id=row.booking.program_id,
        room_type_id=row.rooms[0].room_type_id,
        rating=rating,
        text=rng.choice(WORDS[rating]),
        author=signature(row.booking.contact_name),
        show_name=rng.random() < 0.7,
        state=GuestReview.State.WAITING if fresh else GuestReview.State.PUBLISHED,
        written_at=said_at,
        changed_at=said_at,
        published_at=None if fresh else shown_at,
        reply=reply,
        replied_at=shown_at if reply else None,
    )
