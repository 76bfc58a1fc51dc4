"""What the pages of signing in share: never stored, a mistake is 400, a deed is followed by 303."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import add_never_cache_headers

from core.errors import DomainError, TooMany
from core.http import see


class Page:
    """Mix in before a form view, allauth's or Django's."""

    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        if request.method == "POST" and isinstance(answer, HttpResponseRedirect):
            answer = see(answer["Location"])
        add_never_cache_headers(answer)
        return answer

    def form_invalid(self, form: Any) -> HttpResponse:
        """The form again; a refusal by one of our verbs keeps its own status."""
        answer: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        if isinstance(answer, HttpResponseRedirect):
            return answer
        error = getattr(form, "refusal", None)
        answer.status_code = error.status if error is not None else 400
        if isinstance(error, TooMany):
            answer["Retry-After"] = str(error.retry_after)
        return answer

    def refused(self, form: Any, error: DomainError) -> HttpResponse:
        form.refuse(error)
        return self.form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return {**context, "next": next_page(self.request)}


def next_page(request: HttpRequest) -> str:
    """Where the visitor was going; only ever a page of this site."""
    wanted: str = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if wanted and get_adapter().is_safe_url(wanted) else ""
