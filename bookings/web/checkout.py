"""The end of the booking: your details, then check and pay. One verb: `bookings.domain.placing.place`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.domain import companions
from accounts.domain.companions import age_on
from bookings.domain import placing, quotes
from bookings.domain.placing import Contact, Person
from bookings.domain.quote import Quote, quote
from bookings.domain.quotes import QuoteStale, Signed
from bookings.domain.request import CHILD_MAX_AGE
from bookings.web import access, asking, booking, drafts
from bookings.web.asking import Asked
from bookings.web.forms import DetailsForm, TermsForm
from bookings.web.steps import address, steps
from bookings.web.trip import Trip
from core.doors import ANYONE, Scope, door
from core.errors import Conflict, Invalid, TooMany
from core.http import see
from core.money import format_inr
from core.network import client_address

View = Callable[[HttpRequest], HttpResponse]


def _fresh(view: View) -> View:
    """Read anew each time; only a form that came back may be kept, or the back button would ask to send it again."""

    @wraps(view)
    def inner(request: HttpRequest) -> HttpResponse:
        answer = view(request)
        if request.method == "POST":
            answer["Cache-Control"] = "private, no-cache"
        else:
            add_never_cache_headers(answer)
        return answer

    return inner


@door(ANYONE, scope=Scope.NONE, changes=True)
@_fresh
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: HttpRequest) -> HttpResponse:
    """Step 4: who books. What we know already stands in the fields."""
    asked = asking.read(request)
    trip = booking.ready(asked)
    if trip is None:
        return _earlier(request, asked)
    priced = _priced(request, asked, trip)
    if isinstance(priced, HttpResponse):
        return priced
    several = trip.adults > 1
    known = _companions(request, trip) if several else []
    form = DetailsForm(request.POST or None, initial=_known(request, trip), companion=several, known=known)
    if request.method == "POST" and form.is_valid():
        draft = drafts.keep(request, form.cleaned_data, trip.draft)
        return see(address("book-check", trip, draft=draft))
    context = {
        "form": form,
        "trip": trip,
        "steps": steps("book-details", trip),
        "price": booking.box(asked, trip, priced),
        "back": address("book-extras", trip),
    }
    return render(request, "booking/details.html", context, status=400 if form.errors else 200)


@door(ANYONE, scope=Scope.NONE, changes=True)
@_fresh
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Step 5: everything once more; the button holds the room and leads to paying."""
    asked = asking.read(request)
    trip = booking.ready(asked)
    if trip is None:
        return _earlier(request, asked)
    person = drafts.details(request, trip.draft)
    if person is None:
        return redirect(address("book-details", trip))
    if request.method == "POST":
        return _place(request, asked, trip, person)
    try:
        signed = quotes.offer(asked.property, trip.request, at=asked.at)
    except Invalid as error:
        return booking.choose_room(request, asked, trip, problem=error.message)
    held = drafts.placed(drafts.placing_key(trip.draft, trip.request, at=asked.at))
    if held is None and not booking.free(asked, trip):
        return booking.sold_out(request, asked, trip)
    return _page(request, asked, trip, person, signed, TermsForm(), held=held)


def _place(request: HttpRequest, asked: Asked, trip: Trip, person: dict[str, str]) -> HttpResponse:
    """The verb, and a kind page for each of its refusals."""
    form = TermsForm(request.POST)
    try:
        token = _token(request, asked, trip)
        if not form.is_valid():
            signed = quotes.offer(asked.property, trip.request, at=asked.at)
            return _page(request, asked, trip, person, signed, form, status=400)
        made = placing.place(
            asked.property,
            token,
            contact=Contact(person["name"], person["email"], person["phone"]),
            people=_people(person, trip),
            user_id=request.user.pk if request.user.is_authenticated else None,
            by=access.actor(request),
            at=asked.at,
            special_requests=person["requests"],
            key=drafts.placing_key(trip.draft, trip.request, at=asked.at),
            address=client_address(request),
        )
    except QuoteStale as stale:
        change = _change(stale, request.POST.get("quote", ""))
        return _page(request, asked, trip, person, stale.fresh, form, change=change, status=409)
    except TooMany as error:
        context = {"error": error, "trip": trip, "property": asked.property}
        answer = render(request, "booking/too_many.html", context, status=429)
        answer["Retry-After"] = str(error.retry_after)
        return answer
    except Conflict as error:
        return booking.sold_out(request, asked, trip, problem=error.message, status=409)
    except Invalid as error:
        return booking.choose_room(request, asked, trip, problem=error.message)
    access.remember(request, made)
    return see("bookings:pay", made.reference)


def _token(request: HttpRequest, asked: Asked, trip: Trip) -> str:
    """The signed quote that the guest saw. Raises QuoteStale where it is not a quote for this very trip."""
    token = request.POST.get("quote", "")
    try:
        same = quotes.wish_of(token) == trip.request
    except Invalid:
        same = False
    if not same:
        fresh = quotes.offer(asked.property, trip.request, at=asked.at)
        raise QuoteStale("quote_changed", _("Please look at the price once more."), fresh)
    return token


def _page(
    request: HttpRequest,
    asked: Asked,
    trip: Trip,
    person: dict[str, str],
    signed: Signed,
    form: TermsForm,
    *,
    change: str = "",
    held: Any = None,
    status: int = 200,
) -> HttpResponse:
    price = booking.box(asked, trip, signed.quote)
    context = {
        "form": form,
        "token": signed.token,
        "person": person,
        "trip": trip,
        "price": price,
        "button": _("Hold the room and pay %(amount)s") % {"amount": format_inr(price["now"])},
        "change": change,
        "held": held,
        "steps": steps("book-check", trip),
        "dates_href": address("book", trip),
        "room_href": address("book-room", trip),
        "extras_href": address("book-extras", trip),
        "details_href": address("book-details", trip),
    }
    return render(request, "booking/check.html", context, status=status)


def _change(stale: QuoteStale, token: str) -> str:
    """What is different now, in words and rupees."""
    fresh = stale.fresh.quote.total
    try:
        before = quotes.total_of(token)
    except Invalid:
        return stale.message
    if fresh == before:
        return _("We keep a price for 15 minutes. It is still %(now)s; please press the button again.") % {
            "now": format_inr(fresh)
        }
    more = _("The total is now %(now)s: %(diff)s more than a moment ago, when it was %(before)s.")
    less = _("The total is now %(now)s: %(diff)s less than a moment ago, when it was %(before)s.")
    return (more if fresh > before else less) % {
        "now": format_inr(fresh),
        "diff": format_inr(abs(fresh - before)),
        "before": format_inr(before),
    }


def _priced(request: HttpRequest, asked: Asked, trip: Trip) -> Quote | HttpResponse:
    try:
        priced = quote(trip.request, asked.card, at=asked.at)
    except Invalid as error:
        return booking.choose_room(request, asked, trip, problem=error.message)
    return priced if booking.free(asked, trip) else booking.sold_out(request, asked, trip)


def _earlier(request: HttpRequest, asked: Asked) -> HttpResponse:
    if asked.trip is None:
        return booking.back_to_dates(request)
    messages.info(request, _("Choose a program and a room first."))
    return redirect(address("book-room", asked.trip))


def _known(request: HttpRequest, trip: Trip) -> dict[str, str]:
    """What the guest has written before, or what her account says."""
    found = drafts.details(request, trip.draft) or drafts.latest(request)
    if found or not request.user.is_authenticated:
        return found
    user = request.user
    return {"name": user.get_full_name(), "email": user.email, "phone": user.phone}


def _companions(request: HttpRequest, trip: Trip) -> list[str]:
    """Names of the grown-up companions of a signed-in guest."""
    if not request.user.is_authenticated:
        return []
    ages = {one.name: age_on(one.birth_date, trip.nights.check_in) for one in companions.of(request.user)}
    return [name for name, age in ages.items() if age is None or age > CHILD_MAX_AGE]


def _people(person: dict[str, str], trip: Trip) -> list[Person]:
    named = [Person(person["name"])]
    if trip.adults > 1 and person.get("companion"):
        named.append(Person(person["companion"]))
    return named
