"""What a guest cannot mend herself: she asks, staff look, she gets an answer. 30 days at most."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.domain.privacy import news
from accounts.models import CorrectionRequest, User
from core.actors import Actor
from core.errors import Conflict, Invalid, TooMany
from core.free_text import mask_cards

ANSWERED_WITHIN = timedelta(days=30)
MOST_OPEN = 5
C = CorrectionRequest.State


def ask(user: User, *, about: str, wish: str, reference: str = "", at: datetime) -> CorrectionRequest:
    """Put a wish on the desk. Raises Invalid("unknown_about" | "empty_wish"), TooMany beyond 5 open ones."""
    wish = mask_cards(wish.replace("\x00", "").strip())
    if about not in CorrectionRequest.About.values:
        raise Invalid("unknown_about", "Choose what it is about.", attr="about")
    if not wish or len(wish) > 1000:
        raise Invalid("empty_wish", "Write what should be different, in at most 1000 characters.", attr="wish")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if CorrectionRequest.objects.filter(user=user, state=C.OPEN).count() >= MOST_OPEN:
            raise TooMany("too_many_open", "We are looking at five wishes of yours already.", retry_after=86400)
        row = CorrectionRequest.objects.create(
            user=user,
            about=about,
            reference=reference.strip()[:20],
            wish=wish,
            asked_at=at,
            due_at=at + ANSWERED_WITHIN,
        )
        news.tell("correction asked", user, by=Actor.of(user, "guest"), at=at, subject=subject_of(row), about=about)
    return row


def answer(request: CorrectionRequest, *, corrected: bool, words: str, by: Actor, at: datetime) -> CorrectionRequest:
    """Tell the guest what became of it. Raises Invalid("empty_answer"), Conflict("already_answered")."""
    words = words.strip()
    if not words or len(words) > 1000:
        raise Invalid("empty_answer", "Write an answer of at most 1000 characters.", attr="words")
    with transaction.atomic():
        row = CorrectionRequest.objects.select_for_update().get(pk=request.pk)
        if row.state != C.OPEN:
            raise Conflict("already_answered", "Somebody has answered this already.")
        row.state = C.DONE if corrected else C.DECLINED
        row.answer, row.answered_at, row.answered_by_id = words, at, by.user_id
        row.save(update_fields=["state", "answer", "answered_at", "answered_by"])
        news.tell(
            "correction answered",
            row.user,
            by=by,
            at=at,
            subject=subject_of(row),
            letter="privacy_correction",
            context={"link": f"{settings.SITE_URL}{reverse('accounts:privacy')}"},
            corrected=corrected,
        )
    return row


def subject_of(request: CorrectionRequest) -> str:
    return f"correction:{request.public_id}"
