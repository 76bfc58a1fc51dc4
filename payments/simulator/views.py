"""The simulator's doors: the hosted page, and the command endpoint."""

import time
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from core.doors import ANYONE, Scope, door
from core.errors import DomainError
from core.money import format_inr
from payments.simulator import clock, commands, faults, intake, outcomes, records
from payments.simulator.models import Fault, Transaction

OUTCOMES = [one for one in outcomes.OUTCOMES.values() if one.code != "cancelled"]


@door(ANYONE, scope=Scope.NONE, changes=True)
@csrf_exempt  # the merchant's page posts here from another site; the hash proves who wrote the form
@require_POST
def payment(request: HttpRequest) -> HttpResponse:
    """`_payment`: check the merchant's form, then show the hosted page."""
    try:
        opened = intake.accept(request.POST.dict())
    except DomainError as error:
        return _refusal(request, error)
    return redirect("payusim:page", opened.page_key)


@door(ANYONE, scope=Scope.NONE, changes=True)
@never_cache
@csrf_exempt  # the address is the secret, and a signed-in session means nothing here
def page(request: HttpRequest, page_key: str) -> HttpResponse:
    """The hosted page: how to pay, and what shall happen."""
    found = get_object_or_404(Transaction, page_key=page_key)
    error = None
    if request.method == "POST":
        try:
            outcomes.choose(
                found,
                outcome=request.POST.get("outcome", ""),
                mode=request.POST.get("mode", "CC"),
                at=timezone.now(),
            )
            return redirect("payusim:back", page_key)
        except DomainError as refused:
            error = refused
    elif found.state != Transaction.State.STARTED:
        return redirect("payusim:back", page_key)
    context = {"payment": found, "amount": format_inr(found.amount, paise=True), "outcomes": OUTCOMES, "error": error}
    return render(request, "payusim/page.html", context, status=error.status if error else 200)


@door(ANYONE, scope=Scope.NONE)
@never_cache
@require_safe
def back(request: HttpRequest, page_key: str) -> HttpResponse:
    """The signed form that the visitor's browser carries to the merchant; or, after a closed tab, nothing."""
    found = get_object_or_404(Transaction, page_key=page_key)
    if found.state == Transaction.State.STARTED:
        return redirect("payusim:page", page_key)
    amount = format_inr(found.amount, paise=True)
    if found.outcome and not outcomes.OUTCOMES[found.outcome].returns:
        return render(request, "payusim/closed.html", {"payment": found, "amount": amount})
    target = found.furl if found.state == Transaction.State.FAILED else found.surl
    context = {"payment": found, "amount": amount, "target": target, "fields": records.result_form(found)}
    response = render(request, "payusim/back.html", context)
    response["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; base-uri 'none'; "
        f"frame-ancestors 'none'; form-action 'self' {_origin(target)}"
    )
    return response


@door(ANYONE, scope=Scope.NONE, changes=True)
@csrf_exempt  # machines post here; the hash proves who asks
@require_POST
def postservice(request: HttpRequest) -> HttpResponse:
    """`merchant/postservice.php?form=2`: commands, answered in JSON, with the scripted misfortunes of tests."""
    if request.GET.get("form") != "2":
        return HttpResponse("Only form=2 (JSON) is simulated.", content_type="text/html")
    form, at = request.POST.dict(), timezone.now()
    if any("\x00" in value for value in form.values()):
        return JsonResponse({"status": 0, "msg": "Invalid parameters"})
    fault = faults.take(form.get("command", ""), *faults.ANSWERS)
    if fault and fault.params.get("when") != "after":
        return _misfortune(fault)
    clock.advance(at=at)
    answer = commands.answer(form, at=at)
    return _misfortune(fault) if fault else JsonResponse(answer)


def _misfortune(fault: Fault) -> HttpResponse:
    """What arrives instead of an answer."""
    if fault.kind == "timeout":
        time.sleep(min(float(fault.params.get("seconds", 35)), 60))
        return HttpResponse(status=504)
    if fault.kind == "html":
        return HttpResponse("<html><body><h1>Under maintenance</h1></body></html>")
    if fault.kind == "bad_json":
        return HttpResponse('{"status": 1, "transaction_details": {', content_type="application/json")
    return HttpResponse("Internal Server Error", status=500)


def _refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    context = {"error": error, "home": settings.SITE_URL}
    return render(request, "payusim/refused.html", context, status=error.status)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".replace(";", "").replace(" ", "")
