"""The way back to a stay: its signed link, or reference, last name and a code."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from bookings.domain import access as links
from bookings.domain import lookup
from bookings.models import StayBooking
from bookings.web import access
from bookings.web.stay_forms import FindForm, StayCodeForm
from core.doors import ANYONE, HOLDER, Scope, door
from core.errors import DomainError, Missing, TooMany
from core.http import see
from core.network import client_address
from core.references import normalise

PAGES = {"stay": "", "pay": "/pay", "form": "/form", "review": "/review"}  # below /stays/<reference>
ASKED = "stay_code"  # in the session: challenge and reference of the code that was asked for last


@door(HOLDER, scope=Scope.OWN)
@never_cache
@require_safe
def open_link(request: HttpRequest, signed: str, page: str) -> HttpResponse:
    """A link from a mail: the session remembers the stay, and the address bar forgets the key.

    A stay that is in an account asks its owner to sign in; one that is long over asks for a code.
    """
    try:
        reference = links.reference_of(signed)
        booking = StayBooking.objects.select_related("property").get(reference=reference)
    except (Missing, StayBooking.DoesNotExist):
        return _page(request, FindForm(), broken=True, status=404)
    where = reverse("bookings:stay", args=[booking.reference]) + PAGES.get(page, "")
    if booking.user_id is not None:
        return see(where) if access.may_see(request, booking) else _sign_in(request, where)
    if not links.is_open(booking, at=timezone.now()):
        return _page(request, FindForm(initial={"reference": booking.reference}), broken=True, status=404)
    access.remember(request, booking)
    return see(where)


@door(ANYONE, scope=Scope.NONE, changes=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Reference and last name; then the page for the code, whether or not there is such a stay."""
    if request.method != "POST":
        wanted = normalise(request.GET.get("reference", ""))[:13]
        known = StayBooking.objects.filter(reference=wanted).first() if wanted else None
        if known is not None and access.may_see(request, known):
            return redirect("bookings:stay", known.reference)
        return _page(request, FindForm(initial={"reference": wanted}))
    form = FindForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    said = form.cleaned_data
    try:
        challenge = lookup.ask(said["reference"], said["last_name"], address=client_address(request), at=timezone.now())
    except TooMany as error:
        form.add_error(None, error.message)
        answer = _page(request, form, status=429)
        answer["Retry-After"] = str(error.retry_after)
        return answer
    request.session[ASKED] = [str(challenge.public_id), said["reference"]]
    return see("bookings:find-code")


@door(ANYONE, scope=Scope.NONE, changes=True)
@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find_code(request: HttpRequest) -> HttpResponse:
    """The code from the mail opens the stay in this session."""
    if ASKED not in request.session:
        return see("bookings:find")
    challenge, reference = request.session[ASKED]
    form = StayCodeForm(request.POST or None)
    status = 400
    if request.method == "POST" and form.is_valid():
        try:
            booking = lookup.open_with(
                UUID(challenge),
                form.cleaned_data["code"],
                reference,
                address=client_address(request),
                at=timezone.now(),
            )
        except DomainError as error:
            form.add_error("code", error.message)
            status = error.status
        else:
            del request.session[ASKED]
            return _opened(request, booking)
    context = {"form": form, "reference": reference}
    return render(request, "stays/find_code.html", context, status=status if form.errors else 200)


def _opened(request: HttpRequest, booking: StayBooking) -> HttpResponse:
    where = reverse("bookings:stay", args=[booking.reference])
    if booking.user_id is not None and not access.may_see(request, booking):
        return _sign_in(request, where)
    access.remember(request, booking)
    return see(where)


def _sign_in(request: HttpRequest, where: str) -> HttpResponse:
    """To the sign-in, and from there on, with a word why; not whose account it is."""
    if request.user.is_authenticated:
        messages.info(request, _("This stay is in another account. Sign out, and sign in with that one."))
        return see("bookings:stays")
    messages.info(request, _("This stay is now in an account. Sign in to open it; a code by mail will do."))
    return see(redirect_to_login(where)["Location"])


def _page(request: HttpRequest, form: FindForm, *, broken: bool = False, status: int = 200) -> HttpResponse:
    return render(request, "stays/find.html", {"find": form, "broken": broken}, status=status)
