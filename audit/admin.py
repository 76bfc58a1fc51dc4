"""What happened, and who looked. Both read-only, for everybody."""

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateTimeFilter
from unfold.decorators import display

from audit.models import AccessLog, History
from core.admin import ReadOnlyAdmin, Subjects, one_of
from core.reach import by_subject

ACTORS = [
    ("guest", _("guest")),
    ("staff", _("staff")),
    ("doctor", _("doctor")),
    ("gateway", _("gateway")),
    ("system", _("the house itself")),
]
LOOKS = [("answers", _("answers read")), ("refused", _("refused"))]


@admin.register(History)
class HistoryAdmin(ReadOnlyAdmin):
    within = by_subject("subject")
    list_display = ["at", "of", "what", "moved", "who", "why"]
    list_display_links = ["at"]
    list_filter = [("at", RangeDateTimeFilter), one_of("actor_kind", _("who"), ACTORS)]
    list_filter_submit = True
    search_fields = ["subject"]
    search_help_text = _("What it is about, such as PW-7K3M9QX2BD or room:204")
    ordering = ["-id"]
    sortable_by = ()
    list_select_related = ["actor"]
    fields = ["at", "of", "event", "moved", "who", "why", "details", "request_id"]
    readonly_fields = fields

    def get_search_results(self, request, queryset, search_term):
        """Exactly one subject: the index of the history leads there, however long it has grown."""
        return (queryset.filter(subject__in=Subjects.named(search_term)) if search_term else queryset), False

    @display(description=_("about"))
    def of(self, row):
        return Subjects.link(row.subject)

    @display(description=_("event"))
    def what(self, row):
        return row.event.replace("_", " ")

    @display(description=_("moved"))
    def moved(self, row):
        return " → ".join(state.replace("_", " ") for state in (row.from_state, row.to_state) if state) or "–"

    @display(description=_("who"))
    def who(self, row):
        return f"{row.actor_name or row.actor or '–'} ({row.actor_kind})"

    @display(description=_("why"))
    def why(self, row):
        return row.reason or "–"

    @display(description=_("details"))
    def details(self, row):
        return format_html_join("", "<div><b>{}</b> {}</div>", row.data.items()) or "–"


@admin.register(AccessLog)
class AccessLogAdmin(ReadOnlyAdmin):
    within = by_subject("subject")
    list_display = ["at", "reader", "reader_role", "what", "of", "purpose"]
    list_display_links = ["at"]
    list_filter = [("at", RangeDateTimeFilter), one_of("what", _("what"), LOOKS)]
    list_filter_submit = True
    search_fields = ["subject__startswith", "reader__email__startswith"]
    search_help_text = _("Record (form:…) or the reader's e-mail address")
    ordering = ["-id"]
    sortable_by = ()
    list_select_related = ["reader"]
    appears_here = _(
        "Each opening of a protected record comes here: a doctor reads a guest form, held data are opened, somebody "
        "asks who saw what; and each time that such a look was refused."
    )
    fields = ["at", "reader", "reader_role", "what", "of", "purpose", "request_id"]
    readonly_fields = fields

    @display(description=_("record"))
    def of(self, row):
        return Subjects.link(row.subject)
