"""Answers that more than one web door gives."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseRedirect
from django.shortcuts import resolve_url


class SeeOther(HttpResponseRedirect):
    """303: the verb is done, go and look at the page. A reload never repeats it."""

    status_code = 303


def see(where: Any, *args: Any, **kwargs: Any) -> SeeOther:
    """303 to a named page, as `django.shortcuts.redirect` takes it."""
    return SeeOther(resolve_url(where, *args, **kwargs))
