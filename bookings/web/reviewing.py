"""A guest's own review, and the pages that show what guests say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.domain import reviews as verbs
from bookings.models import GuestReview, StayBooking
from bookings.queries import reviews as queries
from bookings.states import State
from bookings.web import access, status
from core.doors import ANYONE, GUEST, HOLDER, Scope, door
from core.errors import DomainError
from core.http import see
from programs.models import Program
from programs.queries import rating_of
from rooms.models import RoomType

ON_A_PAGE = 10
STARS = (
    (5, gettext_lazy("5 stars: wonderful")),
    (4, gettext_lazy("4 stars: very good")),
    (3, gettext_lazy("3 stars: good in parts")),
    (2, gettext_lazy("2 stars: less than I hoped for")),
    (1, gettext_lazy("1 star: not good")),
)


class ReviewForm(forms.Form):
    """Stars, words, and whether the name may stand beside them."""

    rating = forms.TypedChoiceField(
        label=gettext_lazy("How was your stay?"),
        choices=STARS,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the stars, one to five.")},
    )
    text = forms.CharField(
        label=gettext_lazy("In your own words"),
        max_length=verbs.LONGEST,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=gettext_lazy("Up to 1,000 characters. Please leave out names of others and anything private."),
        error_messages={"required": gettext_lazy("Write a few words about your stay.")},
    )
    show_name = forms.BooleanField(label="", required=False)


@never_cache
@door(GUEST, HOLDER, scope=Scope.OWN, changes=True)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, reference: str) -> HttpResponse:
    """Write the review of a stay that is over, or change it."""
    booking = access.stay(request, reference)
    if booking.state != State.COMPLETED:
        messages.info(request, _("You can write about your stay when it is over. We look forward to it."))
        return see("bookings:stay", booking.reference)
    mine = queries.of_stay(booking)
    if request.method != "POST":
        return _page(request, booking, mine, ReviewForm(initial=_words(mine)))
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _page(request, booking, mine, form, code=400)
    try:
        _save(request, booking, mine, form.cleaned_data)
    except DomainError as error:
        form.add_error(error.attr if error.attr in form.fields else None, error.message)
        return _page(request, booking, queries.of_stay(booking), form, code=error.status)
    messages.success(request, _("Thank you. We read your words, and then they stand on our pages."))
    return see("bookings:stay", booking.reference)


@never_cache
@door(GUEST, HOLDER, scope=Scope.OWN, changes=True)
@require_POST
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the own review away; it may be gone already."""
    booking = access.stay(request, reference)
    mine = queries.of_stay(booking)
    if mine is not None:
        try:
            verbs.withdraw(mine, by=access.actor(request), at=timezone.now())
        except DomainError as error:
            messages.error(request, error.message)
            return see("bookings:stay", booking.reference)
    messages.success(request, _("Your review is taken away."))
    return see("bookings:stay", booking.reference)


@door(ANYONE, scope=Scope.PUBLIC)
@require_safe
def of_program(request: HttpRequest, slug: str) -> HttpResponse:
    """All published reviews of a program."""
    one = get_object_or_404(Program.objects.select_related("standing"), slug=slug, published=True)
    return _reviews(request, one, "programs", _("Programs"))


@door(ANYONE, scope=Scope.PUBLIC)
@require_safe
def of_room(request: HttpRequest, slug: str) -> HttpResponse:
    """All published reviews of a room type."""
    one = get_object_or_404(RoomType.objects.select_related("standing"), slug=slug, published=True)
    return _reviews(request, one, "rooms", _("Rooms"))


def _reviews(request: HttpRequest, thing: Program | RoomType, where: str, label: str) -> HttpResponse:
    page = Paginator(queries.published(thing), ON_A_PAGE).get_page(request.GET.get("page"))
    back = reverse(f"{where}:detail", args=[thing.slug])
    trail = [
        {"label": _("Home"), "href": "/"},
        {"label": label, "href": reverse(f"{where}:list")},
        {"label": thing.name, "href": back},
        {"label": _("What guests say")},
    ]
    context = {"thing": thing, "rating": rating_of(thing), "page": page, "trail": trail, "back": back}
    return render(request, "reviews.html", context)


def _save(request: HttpRequest, booking: StayBooking, mine: GuestReview | None, wish: dict[str, Any]) -> None:
    by, at = access.actor(request), timezone.now()
    if mine is None:
        verbs.write(booking, **wish, by=by, at=at)
    else:
        verbs.change(mine, **wish, by=by, at=at)


def _words(mine: GuestReview | None) -> dict[str, Any]:
    return {"rating": mine.rating, "text": mine.text, "show_name": mine.show_name} if mine else {}


def _page(
    request: HttpRequest, booking: StayBooking, mine: GuestReview | None, form: ReviewForm, *, code: int = 200
) -> HttpResponse:
    signature = verbs.signature(booking.contact_name)
    form.fields["show_name"].label = _("Show my name as “%(name)s”") % {"name": signature}
    context = {"booking": booking, "title": status.title(booking), "form": form, "mine": mine}
    return render(request, "stays/review.html", context, status=code)
