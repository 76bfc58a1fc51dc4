"""Answers of the house itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came without its token: stale tab, cookies off, or another site."""
    return render(request, "403.html", {"stale_form": True}, status=403)
