"""What all our admin pages share: nothing is deleted by hand, lists do not count millions, money reads in rupees."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.checks import ModelAdminChecks
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, cached_property
from django.utils.html import format_html
from django.utils.http import urlencode
from unfold.admin import ModelAdmin

from core.money import format_inr
from core.reach import Path, reach_of

Words = str | Promise


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than `cap`: a list of a million rows costs what a list of two thousand costs."""

    cap = 2000
    template_name = "admin/parts/pagination_capped.html"

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        if not isinstance(rows, QuerySet):
            return len(rows)
        return rows.order_by().values("pk")[: self.cap].count()

    @property
    def capped(self) -> bool:
        """True when there may be more rows than were counted."""
        return self.count == self.cap


class HouseAdmin(ModelAdmin):  # type: ignore[misc]
    """No deletion, no bulk deeds, filters in the address, a bounded count, and only rows of one's own properties.

    `within` is the path from a row to its property (a look-up, or `core.reach.by_subject`). A page of rows that belong
    to no property has no path and says in `house_wide` why everybody with the permission sees them all.
    """

    within: Path | None = None
    house_wide = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        path = cls.__dict__.get("within")
        if callable(path) and not isinstance(path, staticmethod):
            cls.within = staticmethod(path)  # a path that is a function is no method

    checks_class = ModelAdminChecks  # unfold's asks for permissions before the first `migrate`
    actions = None
    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    paginator = CappedPaginator
    compressed_fields = True
    warn_unsaved_form = True

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The list, the page of one row, autocomplete and deeds all begin here."""
        rows: QuerySet[Any] = super().get_queryset(request)
        if self.within is not None:
            return reach_of(request.user).rows(rows, self.within)
        return rows if self.house_wide else rows.none()

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> Any:
        """What belongs to somebody else is 404, as what never was; Django would lead away with a message."""
        raise Http404

    def row(self, request: HttpRequest, object_id: Any) -> Any:
        """The row that a deed is about, when this person may see it; else 404."""
        found = self.get_object(request, str(object_id))
        if found is None or not self.has_view_permission(request, found):
            raise Http404
        return found

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Nothing of another property can be chosen."""
        kwargs.setdefault("queryset", self._choices(db_field, request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """The button "History" stands where there are changes to show and a person who may see them."""
        shown = {"show_history": hasattr(self.model, "pgh_event_model") and request.user.has_perm("audit.view_history")}
        return super().changeform_view(request, object_id, form_url, {**shown, **(extra_context or {})})

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Moves and changed fields of the row stand on one page for all tables."""
        row = self.row(request, object_id)
        return redirect(f"{reverse('admin:changes')}?{urlencode({'of': f'{row._meta.label_lower}:{row.pk}'})}")

    def _choices(self, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        other = self.admin_site._registry.get(db_field.remote_field.model)
        rows: QuerySet[Any] = db_field.remote_field.model._default_manager.all()
        path = getattr(other, "within", None)
        return rows if path is None else reach_of(request.user).rows(rows, path)


class ReadOnlyAdmin(HouseAdmin):
    """Rows that only verbs write. Deeds are object actions of their own, offered while they make sense."""

    def fits(self, deed: str, row: Any) -> bool:
        """True when the object action `deed` makes sense for this row now (the verb judges anyway)."""
        return True

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        allowed = super().get_actions_detail(request, object_id)
        if type(self).fits is ReadOnlyAdmin.fits or not allowed:
            return list(allowed)
        row = self.get_object(request, str(object_id))
        prefix = f"{self.opts.app_label}_{self.opts.model_name}_"
        return [one for one in allowed if row is not None and self.fits(one.action_name.removeprefix(prefix), row)]

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def one_of(field: str, title: Words, choices: Sequence[tuple[str, Words]]) -> type[admin.SimpleListFilter]:
    """A filter with fixed choices: Django's own would read the whole table to find them."""

    class Filter(admin.SimpleListFilter):
        parameter_name = field

        def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
            return choices

        def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
            return queryset.filter(**{field: self.value()}) if self.value() else queryset

    Filter.title = title  # type: ignore[assignment]
    return Filter


LONGEST_NUMBER = 20  # digits; what is longer is a random reference


class Subjects:
    """Where a subject (`booking:PW-…`) has its page. Filled by the apps above, asked by those below."""

    pages: ClassVar[dict[str, str]] = {}
    words: ClassVar[dict[str, Any]] = {}  # of kinds whose reference says nothing to people

    @classmethod
    def add(cls, kind: str, page: str = "", *, words: Any = "") -> None:
        """`page` is the name of an address that takes the reference; `words` stand for a reference nobody reads."""
        if page:
            cls.pages[kind] = page
        if words:
            cls.words[kind] = words

    @classmethod
    def named(cls, typed: str) -> list[str]:
        """The subjects that a search may mean: `booking:PW-…` as it stands, or a reference of any kind."""
        typed = typed.strip()[:60]
        return [typed, *(f"{kind}:{typed.upper()}" for kind in cls.pages)]

    @classmethod
    def link(cls, subject: str) -> str:
        """The subject as a link where there is a page for it, else as plain text."""
        kind, _, reference = subject.partition(":")
        words = cls._said(kind, reference)
        if where := cls.address(subject):
            return format_html('<a href="{}">{}</a>', where, words)
        if kind in cls.words or kind in cls.pages:
            return str(words)
        return f"{kind} {reference}".replace("_", " ").capitalize() if reference else subject

    @classmethod
    def address(cls, subject: str) -> str:
        """Where the subject has its page; empty when it has none."""
        kind, _, reference = subject.partition(":")
        if kind not in cls.pages or not reference:
            return ""
        try:
            return reverse(cls.pages[kind], args=[reference])
        except NoReverseMatch:
            return ""

    @classmethod
    def _said(cls, kind: str, reference: str) -> str:
        """Of a long random reference the beginning is enough to tell two apart."""
        if kind not in cls.words:
            return reference
        return f"{cls.words[kind]} {reference[:8]}" if len(reference) > LONGEST_NUMBER else str(cls.words[kind])


def rupees(amount: Decimal | None) -> str:
    """₹1,25,000 in figures that line up; an unknown amount is a dash."""
    return "–" if amount is None else format_html('<span class="figures">{}</span>', format_inr(amount))


def badge(words: Any, tone: str = "") -> str:
    """A small label; `tone` is ok, wait, stop, quiet or empty."""
    return format_html('<span class="bo-badge bo-badge--{}">{}</span>', tone or "plain", words)
