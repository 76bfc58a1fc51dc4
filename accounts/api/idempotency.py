"""The header `Idempotency-Key`: same key and body, same answer byte for byte for 72 hours."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.domain import idempotency
from accounts.domain.idempotency import Claim, Stored
from core.crashpoints import crashpoint
from core.errors import Invalid
from core.network import client_address

HEADER = "Idempotency-Key"
CONCLUSIVE = {400, 404, 409, 422}
parameter = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    description="A random text of the caller; repeating the call with it repeats the answer, not the effect.",
)


def idempotent(method: Callable[..., Response]) -> Callable[..., Response | HttpResponse]:
    """For view methods that create something or move money. The view reads `request.effect_key` (or None).

    The effect and the stored answer are one transaction, so the method calls no other machine: it promises a row.
    """

    @functools.wraps(method)
    def wrapper(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response | HttpResponse:
        request.effect_key = None
        key = request.headers.get(HEADER)
        if key is None:
            return method(view, request, *args, **kwargs)
        if not re.fullmatch(r"[!-~]{1,128}", key):
            raise Invalid("bad_idempotency_key", "An idempotency key has 1 to 128 visible characters.")
        scope = scope_of(request)
        print_ = idempotency.fingerprint(request.method or "", request.path, request.data)
        mine = idempotency.claim(scope, key, print_, at=timezone.now())
        if isinstance(mine, Stored):
            return _answer(mine, replayed=True)
        request.effect_key = idempotency.effect_key(scope, key, print_)
        return _run(view, lambda: method(view, request, *args, **kwargs), mine)

    return wrapper


def scope_of(request: Request) -> str:
    """Whose keys these are: the person's; of a caller without a token, the address' and stay key's together.

    Many people share an address, and a stored answer is not for somebody who does not hold the key of that stay.
    """
    if request.user.is_authenticated:
        return f"user:{request.user.pk}"
    stay_key = hashlib.sha256(request.headers.get("X-Stay-Key", "").encode(errors="replace")).hexdigest()
    return f"address:{client_address(request)}:{stay_key[:24]}"


def _run(view: Any, act: Callable[[], Response], mine: Claim) -> HttpResponse:
    """Do it, and end the claim: with the effect when it came about, released or with the refusal when it did not."""
    try:
        try:
            with transaction.atomic():
                response = act()
                if response.status_code < 300:
                    stored = _stored(response)
                    crashpoint("idempotency.before_store")
                    idempotency.store(mine, stored)
                    crashpoint("idempotency.after_store")
                    return _answer(stored, replayed=False)
        except Exception as error:
            response = view.handle_exception(error)  # raises again what is not a refusal
    except BaseException:
        idempotency.release(mine)
        raise
    if response.status_code not in CONCLUSIVE:
        idempotency.release(mine)
        return response
    stored = _stored(response)
    idempotency.store(mine, stored)
    return _answer(stored, replayed=False)


def _stored(response: Response) -> Stored:
    return Stored(response.status_code, JSONRenderer().render(response.data).decode())


def _answer(stored: Stored, *, replayed: bool) -> HttpResponse:
    response = HttpResponse(stored.body, status=stored.status, content_type="application/json")
    if replayed:
        response["Idempotency-Replayed"] = "true"
    return response
