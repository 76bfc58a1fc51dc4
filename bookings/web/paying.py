"""The pay page: what is due, what comes back if plans change, one button."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings import queries
from bookings.domain import milestones, paying
from bookings.models import StayBooking
from bookings.queries.stays import milestone_label
from bookings.states import State
from bookings.web import access, money, status
from bookings.web.next_step import busy_words
from bookings.web.stay_forms import PayForm
from bookings.web.stays import arrived, busy_payment
from core.doors import GUEST, HOLDER, Scope, door
from core.errors import Conflict
from core.http import see
from payments.models import Payment

PAYING = frozenset({State.HELD, State.APPROVED, State.CONFIRMED, State.CHECKED_IN})


@door(GUEST, HOLDER, scope=Scope.OWN, changes=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, reference: str) -> HttpResponse:
    """GET shows what is due; POST begins one attempt and hands the browser over."""
    booking = access.stay(request, reference)
    choices = milestones.payable(booking) if booking.state in PAYING else []
    if request.method == "POST":
        return _begin(request, booking, choices)
    return _page(request, booking, choices)


def _begin(request: HttpRequest, booking: StayBooking, choices: list[milestones.Next]) -> HttpResponse:
    form = PayForm(request.POST)
    if not form.is_valid():
        return _page(request, booking, choices, problem=_("Please choose what you would like to pay."), status_code=400)
    milestone = form.cleaned_data["milestone"]
    try:
        payment = paying.start(booking, milestone=milestone, by=access.actor(request), at=timezone.now())
    except Conflict as error:
        return _explain(request, booking, choices, error)
    return see("payments:handoff", payment.public_id)


def _explain(
    request: HttpRequest, booking: StayBooking, choices: list[milestones.Next], error: Conflict
) -> HttpResponse:
    """Somebody has paid in another tab, the bank is busy, the clock has run out: say so kindly, charge nothing."""
    if error.code == "payment_pending":
        busy = busy_payment(booking.folio)
        if busy is not None:
            messages.info(request, error.message)
            return see("payments:status", busy.public_id)
    if error.code in ("already_paid", "unknown_milestone", "wrong_state"):
        kind = messages.success if error.code == "already_paid" else messages.info
        words = _("This is paid already. Nothing was charged twice.") if error.code == "already_paid" else error.message
        kind(request, words)
        return see("bookings:stay", booking.reference)
    return _page(request, booking, choices, problem=error.message, status_code=error.status)


def _page(
    request: HttpRequest,
    booking: StayBooking,
    choices: list[milestones.Next],
    *,
    problem: str = "",
    status_code: int = 200,
) -> HttpResponse:
    at = timezone.now()
    facts = queries.facts(booking, at=at)
    due = choices[0] if choices and facts.next_step.is_payment else None
    failed = arrived(booking.folio, request.GET.get("payment", ""), Payment.State.FAILED)
    context: dict[str, Any] = {
        "booking": booking,
        "facts": facts,
        "due": due,
        "due_label": milestone_label(due.milestone) if due else "",
        "choices": [{"next": choice, "label": _choice_label(choice, last=choice is choices[-1])} for choice in choices],
        "room_names": status.room_names(booking),
        "title": status.title(booking),
        "nights": len(booking.nights),
        "lines": money.bill(booking.folio),
        "schedule": money.schedule(facts),
        "cancellation": money.cancellation(booking, at=at, paid=facts.paid + due.amount) if due else [],
        "needs_review": booking.terms.get("needs_review", True) and booking.clearance != "cleared",
        "hold_runs": status.hold_runs(booking, at=at),
        "busy": busy_payment(booking.folio),
        "busy_words": busy_words(booking),
        "failed": failed,
        "problem": problem,
    }
    return render(request, "stays/pay.html", context, status=status_code)


def _choice_label(choice: milestones.Next, *, last: bool) -> str:
    return _("Everything that is left") if last else milestone_label(choice.milestone)
