"""After paying as a guest: put the stay into an account, new or known."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.web.entering import open_account
from accounts.web.forms import NewPasswordForm
from bookings.domain import claiming
from bookings.models import StayBooking
from bookings.web import access, status
from bookings.web.stay_forms import StayCodeForm
from core.doors import GUEST, HOLDER, Scope, door
from core.errors import DomainError
from core.http import see

ASKED = "claim_code"  # in the session: reference and challenge of the code that was asked for last


@door(GUEST, HOLDER, scope=Scope.OWN, changes=True)
@sensitive_post_parameters("password", "code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, reference: str) -> HttpResponse:
    """Signed in with the stay's address: one press; with another one: a code to the stay's address first.

    Not signed in: choose a password, and the account is made for the address of the stay. Whether there is one already
    only its owner learns, from the letter.
    """
    booking = access.stay(request, reference)
    if booking.user_id is not None:
        messages.info(request, _("This stay is in an account already."))
        return see("bookings:stay", booking.reference)
    if request.user.is_authenticated:
        return _by_account(request, booking, request.user)
    form = NewPasswordForm(request.POST or None, user=_would_be(booking))
    if request.method != "POST" or not form.is_valid():
        return _page(request, booking, new=form)
    return _new_account(request, booking, form)


def _by_account(request: HttpRequest, booking: StayBooking, user: User) -> HttpResponse:
    proven = claiming.is_proven(booking, user)
    if request.method != "POST":
        return _page(request, booking, proven=proven, code=None if proven else StayCodeForm())
    if proven:
        return _into(request, booking, user)
    if "code" not in request.POST:
        return _ask(request, booking, user)
    form = StayCodeForm(request.POST)
    if form.is_valid():
        try:
            challenge = UUID(_asked(request, booking))
            email = claiming.prove(booking, challenge, form.cleaned_data["code"], at=timezone.now())
            return _into(request, booking, user, proven=email)
        except (DomainError, ValueError) as error:
            form.add_error("code", getattr(error, "message", _("Please ask for a code first.")))
    return _page(request, booking, code=form)


def _ask(request: HttpRequest, booking: StayBooking, user: User) -> HttpResponse:
    try:
        challenge = claiming.ask_code(booking, user, at=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        request.session[ASKED] = [booking.reference, str(challenge.public_id)]
        messages.success(request, _("A code is on its way to the address of this stay."))
    return see("bookings:claim", booking.reference)


def _asked(request: HttpRequest, booking: StayBooking) -> str:
    reference, challenge = request.session.get(ASKED) or ("", "")
    return challenge if reference == booking.reference else ""


def _new_account(request: HttpRequest, booking: StayBooking, form: NewPasswordForm) -> HttpResponse:
    first, _space, last = booking.contact_name.partition(" ")
    try:
        return open_account(
            request,
            booking.contact_email,
            form.cleaned_data["password"],
            then=request.path,
            first_name=first[:80],
            last_name=last[:80],
            phone=booking.contact_phone,
        )
    except DomainError as error:
        form.add_error("password" if error.attr == "password" else None, error.message)
        return _page(request, booking, new=form)


def _into(request: HttpRequest, booking: StayBooking, user: User, *, proven: str = "") -> HttpResponse:
    try:
        claiming.claim(booking, user, proven=proven, at=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
        return see("bookings:stays")
    messages.success(request, _("This stay is in your account now. Links in earlier mails ask you to sign in."))
    return see("bookings:stay", booking.reference)


def _page(
    request: HttpRequest,
    booking: StayBooking,
    *,
    new: NewPasswordForm | None = None,
    code: StayCodeForm | None = None,
    proven: bool = False,
) -> HttpResponse:
    form = new or code
    context = {
        "booking": booking,
        "title": status.title(booking),
        "form": form,
        "new": new is not None,
        "proven": proven,
        "asked": bool(_asked(request, booking)),
    }
    return render(request, "stays/claim.html", context, status=400 if form is not None and form.errors else 200)


def _would_be(booking: StayBooking) -> User:
    return User(email=booking.contact_email, first_name=booking.contact_name)
