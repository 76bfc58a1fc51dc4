"""The simulator's books for testers: what it took, gave back and told; and the switches."""

import json

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.doors import ANYONE, Scope, door
from core.errors import DomainError, Invalid
from payments.simulator import clock, faults
from payments.simulator.models import Delivery, Refund, Transaction

SHOWN = 40


@door(ANYONE, scope=Scope.NONE)
@never_cache
@require_safe
def books(request: HttpRequest) -> HttpResponse:
    """The newest transactions, refunds and notices. No names, no addresses: ids and money only."""
    context = {
        "payments": Transaction.objects.all()[:SHOWN],
        "refunds": Refund.objects.select_related("transaction")[:SHOWN],
        "deliveries": Delivery.objects.all()[:SHOWN],
        "faults": faults.describe(),
    }
    return render(request, "payusim/books.html", context)


@door(ANYONE, scope=Scope.NONE, changes=True)
@require_POST
def resolve(request: HttpRequest, mihpayid: str) -> HttpResponse:
    """End a pending payment now."""
    with transaction.atomic():
        found = get_object_or_404(Transaction.objects.select_for_update(), mihpayid=mihpayid)
        if found.state == Transaction.State.PENDING:
            clock.resolve(found, result=_result(request), at=timezone.now())
    return redirect("payusim:books")


@door(ANYONE, scope=Scope.NONE, changes=True)
@require_POST
def settle(request: HttpRequest, request_id: str) -> HttpResponse:
    """End a refund now."""
    with transaction.atomic():
        found = get_object_or_404(Refund.objects.select_for_update(), request_id=request_id)
        if found.status in (Refund.Status.QUEUED, Refund.Status.IN_PROGRESS):
            clock.settle_refund(found, success=_result(request) == "success", at=timezone.now())
    return redirect("payusim:books")


@door(ANYONE, scope=Scope.NONE, changes=True)
@csrf_exempt  # test scripts post JSON; a browser form of another site cannot send that type
@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
def script_faults(request: HttpRequest) -> HttpResponse:
    """POST one fault or a list of them; DELETE all; GET what is left."""
    try:
        if request.method == "POST":
            _script(request)
        elif request.method == "DELETE":
            faults.clear()
    except DomainError as error:
        return JsonResponse({"code": error.code, "detail": error.message, **error.details}, status=error.status)
    return JsonResponse({"faults": faults.describe()}, status=201 if request.method == "POST" else 200)


def _script(request: HttpRequest) -> None:
    if request.content_type != "application/json":
        raise Invalid("bad_fault", "Send application/json.")
    try:
        wanted = json.loads(request.body)
    except (ValueError, RecursionError):
        raise Invalid("bad_fault", "This is not JSON.") from None
    with transaction.atomic():
        for one in wanted if isinstance(wanted, list) else [wanted]:
            faults.script(one)


def _result(request: HttpRequest) -> str:
    return "failure" if request.POST.get("result") == "failure" else "success"
