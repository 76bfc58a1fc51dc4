"""The stand-in's two doors: one for our worker, one for whoever wants to see what arrived."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.doors import PEER, Scope, door
from core.http import see
from notifications.permissions import may_read_webhook_bodies, may_see_sandbox_crm
from notifications.sandbox_crm import intake
from notifications.sandbox_crm.models import Received
from notifications.webhooks import signing

SHOWN = 30


@door(PEER, scope=Scope.NONE, changes=True)
@csrf_exempt  # another machine posts here; the signature proves who it is
@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: HttpRequest) -> HttpResponse:
    """Take an event: 400 when the signature proves nothing. Whoever just looks is led to the desk."""
    if request.method != "POST":
        return see("sandboxcrm:desk")
    call = intake.take(request.body, request.headers.get(signing.HEADER, ""), at=timezone.now())
    said = {"received": not call.problem, "again": call.again, "problem": call.problem}
    return JsonResponse(said, status=call.answered)


@door(needs="notifications.add_webhooksubscription", scope=Scope.WHOLE, changes=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """What arrived, newest first; POST pastes a secret or changes how the next calls are answered."""
    if not may_see_sandbox_crm(request.user):
        raise PermissionDenied
    if request.method == "POST":
        secret = request.POST.get("secret", "").strip()[:200]
        if secret:
            intake.trust(secret)
        if request.POST.get("answer", "").isdecimal():
            intake.answer_with(int(request.POST["answer"][:3]))
        return see("sandboxcrm:desk")
    desk = intake.desk()
    context = {
        "address": request.build_absolute_uri("/sandbox/crm"),
        "desk": desk,
        "answers": intake.ANSWERS.items(),
        "calls": Received.objects.all()[:SHOWN],
        "bodies": may_read_webhook_bodies(request.user),
    }
    return render(request, "sandbox_crm/desk.html", context)
