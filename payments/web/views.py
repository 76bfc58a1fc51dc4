"""The way to the gateway, the way back, and the wait in between. What a payment is for, only its owner knows."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts.web import keyring
from core.doors import GUEST, HOLDER, PEER, Scope, door
from core.errors import Missing
from core.http import see
from payments.domain import attempts, inbox
from payments.gateways.base import ForgedCallback
from payments.models import Folio, Payment

GATEWAY = "payu"
PAGES = {"booking": ("bookings:stay", "bookings:pay")}  # kind of folio -> page of the thing, page to pay it


@door(GUEST, HOLDER, scope=Scope.OWN)
@never_cache
@require_safe
def handoff(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The signed form that carries the browser to the gateway; a visible button where there is no script.

    A reload shows the same attempt again. One that has ended leads to its status instead.
    """
    payment = _payment(public_id)
    if not may_see(request, payment.folio):
        raise Missing("no_such_payment", "There is no such payment.")
    if payment.state != Payment.State.INITIATED:
        return redirect("payments:status", payment.public_id)
    context = {
        "payment": payment,
        "reference": _reference(payment.folio),
        "checkout": attempts.checkout(payment, product=f"Stay {_reference(payment.folio)}"),
        "back": _page(payment.folio, paying=True),
    }
    return render(request, "payments/handoff.html", context)


@door(PEER, scope=Scope.NONE, changes=True)
@sensitive_post_parameters()
@never_cache
@csrf_exempt  # the guest's browser posts here from the gateway's page; its signature says whether it is genuine
@require_POST
def payu_return(request: HttpRequest) -> HttpResponse:
    """The browser is back. It comes without a session, so the attempt is found by its own number.

    A forged notice is answered with 400, and nothing is stored.
    """
    try:
        event = inbox.receive(GATEWAY, request.POST, source="return", at=timezone.now())
    except ForgedCallback:
        return render(request, "payments/forged.html", status=400)
    txnid = event.txnid if event is not None else ""
    payment = Payment.objects.filter(gateway=GATEWAY, txnid=txnid).first() if txnid else None
    if payment is None:
        raise Missing("no_such_payment", "We do not know this payment.")
    return see("payments:status", payment.public_id)


@door(HOLDER, scope=Scope.OWN)
@never_cache
@require_safe
def status(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Waiting, then thanks or another try. Who may see the stay is led on to it; others see amount and reference."""
    payment = _payment(public_id)
    mine = may_see(request, payment.folio)
    if mine and settled(payment):
        page = _page(payment.folio, paying=payment.state == Payment.State.FAILED)
        if page:
            return redirect(f"{page}?payment={payment.public_id}")
    context = {
        "payment": payment,
        "reference": _reference(payment.folio),
        "settled": settled(payment),
        "mine": mine,
        "back": _page(payment.folio, paying=False),
        "again": _page(payment.folio, paying=True),
    }
    return render(request, "payments/status.html", context)


@door(HOLDER, scope=Scope.OWN)
@never_cache
@require_safe
def news(request: HttpRequest, public_id: UUID) -> JsonResponse:
    """What the waiting page asks: has it been settled?"""
    payment = _payment(public_id)
    return JsonResponse({"done": settled(payment), "location": reverse("payments:status", args=[payment.public_id])})


def settled(payment: Payment) -> bool:
    """The try has ended, and whoever owns the bill has reacted to it."""
    captured = payment.state == Payment.State.CAPTURED and payment.applied_at is not None
    return captured or payment.state == Payment.State.FAILED


def may_see(request: HttpRequest, folio: Folio) -> bool:
    """The payer's own account, or a session that has opened the signed link of what the folio is for."""
    own = request.user.is_authenticated and folio.owner_id == request.user.pk
    return own or (folio.owner_id is None and keyring.holds(request, folio.subject))


def _payment(public_id: UUID) -> Payment:
    return get_object_or_404(Payment.objects.select_related("folio"), public_id=public_id)


def _reference(folio: Folio) -> str:
    return folio.subject.partition(":")[2]


def _page(folio: Folio, *, paying: bool) -> str:
    """The page of what this folio pays for, by the name that its app has given it."""
    kind, _colon, reference = folio.subject.partition(":")
    names = PAGES.get(kind)
    return reverse(names[paying], args=[reference]) if names else ""
