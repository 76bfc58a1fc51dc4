"""After paying as a guest: put the stay into an account, new or known."""

from __future__ import annotations

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
from bookings.domain import access as links
from bookings.domain.claiming import claim as put_into_account
from bookings.models import StayBooking
from bookings.web import access, status
from core.doors import GUEST, HOLDER, Scope, door
from core.errors import DomainError
from core.http import see


@door(GUEST, HOLDER, scope=Scope.OWN, changes=True)
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, reference: str) -> HttpResponse:
    """Signed in: one press. Not signed in: choose a password, and the account is made for the address of the stay."""
    booking = access.stay(request, reference)
    if booking.user_id is not None:
        messages.info(request, _("This stay is in an account already."))
        return see("bookings:stay", booking.reference)
    if request.user.is_authenticated:
        return _into(request, booking, request.user) if request.method == "POST" else _page(request, booking)
    form = NewPasswordForm(request.POST or None, user=_would_be(booking))
    if request.method != "POST" or not form.is_valid():
        return _page(request, booking, form=form)
    return _new_account(request, booking, form)


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
        return _page(request, booking, form=form)


def _into(request: HttpRequest, booking: StayBooking, user: User) -> HttpResponse:
    if user.email != booking.contact_email:
        messages.error(request, _("This stay was booked with another e-mail address. Sign in with that one."))
        return see("bookings:stay", booking.reference)
    try:
        put_into_account(links.key(booking.reference), user, at=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("This stay is in your account now."))
    return see("bookings:stay", booking.reference)


def _page(request: HttpRequest, booking: StayBooking, *, form: NewPasswordForm | None = None) -> HttpResponse:
    context = {
        "booking": booking,
        "title": status.title(booking),
        "form": form,
        "same_address": request.user.is_authenticated and request.user.email == booking.contact_email,
    }
    return render(request, "stays/claim.html", context, status=400 if form is not None and form.errors else 200)


def _would_be(booking: StayBooking) -> User:
    return User(email=booking.contact_email, first_name=booking.contact_name)
