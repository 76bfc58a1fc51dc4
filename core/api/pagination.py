"""Lists: `?page=&page_size=`, 20 by default, 100 at most. A list of a million rows costs what a short one costs."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property
from drf_spectacular.utils import OpenApiParameter
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request

from core.errors import Invalid

NUMBER = {"type": "integer", "minimum": 1}
PAGING = (  # for views that page by hand
    OpenApiParameter("page", NUMBER, description="from 1 on; 404 beyond the last one"),
    OpenApiParameter("page_size", NUMBER, description="20 when left out, at most 100"),
)


class LongList(Paginator):  # type: ignore[type-arg]
    """Counts no further than `cap`; far pages find their keys in an index first and read only their own rows."""

    cap = 20_000  # page 1,000 of pages of 20
    far = 1_000  # rows to skip from which on the keys are looked up first

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        if not isinstance(rows, QuerySet):
            return len(rows)
        return int(rows.order_by().values("pk")[: self.cap].count())

    def page(self, number: int | str) -> Page[Any]:
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        rows = self.object_list
        if not isinstance(rows, QuerySet) or first < self.far or rows.query.distinct or rows.query.combinator:
            return super().page(number)
        keys = rows.values("pk")[first : first + self.per_page]
        return Page(rows.filter(pk__in=keys), number, self)


class Pages(PageNumberPagination):
    """A size above 100 is 100; a page or a size that is no positive whole number is bad input; a page beyond the
    last one is 404."""

    django_paginator_class = LongList
    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100

    def get_page_size(self, request: Request) -> int:
        wanted = _positive(request, self.page_size_query_param)
        return self.page_size if wanted is None else min(wanted, self.max_page_size)

    def get_page_number(self, request: Request, paginator: Any) -> int:
        return _positive(request, self.page_query_param) or 1

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        parameters: list[dict[str, Any]] = super().get_schema_operation_parameters(view)
        for one in parameters:
            one["schema"] = {**one["schema"], **NUMBER}
        return parameters


def _positive(request: Request, name: str) -> int | None:
    text = request.query_params.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19 and int(text) > 0):
        raise Invalid("bad_number", f"Give `{name}` as a whole number from 1 on.", attr=name)
    return int(text)
