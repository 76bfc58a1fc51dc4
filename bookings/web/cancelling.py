"""Cancelling a stay: the exact refund first, then the question, then the deed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings import queries
from bookings.domain import lifecycle
from bookings.models import StayBooking
from bookings.states import CANCELLABLE, State
from bookings.web import access, money, status
from bookings.web.stay_forms import CancelForm
from core.doors import GUEST, HOLDER, Scope, door
from core.errors import Conflict
from core.http import see
from core.money import format_inr


@door(GUEST, HOLDER, scope=Scope.OWN, changes=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    booking = access.stay(request, reference)
    if booking.state not in CANCELLABLE:
        messages.info(request, _already(booking))
        return see("bookings:stay", booking.reference)
    if request.method != "POST":
        return _page(request, booking)
    form = CancelForm(request.POST)
    if not form.is_valid():
        return _page(request, booking, form=form, status_code=400)
    return _cancel(request, booking, form)


def _cancel(request: HttpRequest, booking: StayBooking, form: CancelForm) -> HttpResponse:
    at = timezone.now()
    try:
        lifecycle.cancel(
            booking,
            by=access.actor(request),
            at=at,
            reason=form.cleaned_data["reason"],
            expected_refund=form.cleaned_data["expected_refund"],
        )
    except Conflict as error:
        if error.code == "refund_changed":
            return _page(request, booking, form=form, problem=error.message, status_code=error.status)
        messages.info(request, error.message)
        return see("bookings:stay", booking.reference)
    refund = form.cleaned_data["expected_refund"]
    if refund:
        words = _("Your stay is cancelled. %(amount)s goes back the way it came; follow it below.")
        messages.success(request, words % {"amount": format_inr(refund)})
    else:
        messages.success(request, _("Your stay is cancelled."))
    return see("bookings:stay", booking.reference)


def _page(
    request: HttpRequest,
    booking: StayBooking,
    *,
    form: CancelForm | None = None,
    problem: str = "",
    status_code: int = 200,
) -> HttpResponse:
    at = timezone.now()
    refund = lifecycle.refund_now(booking, at=at)
    facts = queries.facts(booking, at=at)
    reason = form["reason"].value() if form is not None else ""
    shown = CancelForm(initial={"expected_refund": f"{refund:.2f}", "reason": reason})
    if form is not None and form.errors:
        shown = CancelForm({"expected_refund": f"{refund:.2f}", "reason": reason})
        shown.is_valid()
    context = {
        "booking": booking,
        "title": status.title(booking),
        "room_names": status.room_names(booking),
        "nights": len(booking.nights),
        "facts": facts,
        "refund": refund,
        "kept": max(facts.paid - refund, facts.paid * 0),
        "cancellation": money.cancellation(booking, at=at) if facts.paid else [],
        "form": shown,
        "problem": problem,
        "held": booking.state == State.HELD,
    }
    return render(request, "stays/cancel.html", context, status=status_code)


def _already(booking: StayBooking) -> str:
    if booking.state == State.CANCELLED:
        return _("This stay is cancelled already.")
    return _("This stay cannot be cancelled any more. Please call us; we find a way.")
