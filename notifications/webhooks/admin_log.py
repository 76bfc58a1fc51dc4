"""The log of webhooks for staff: how each telling went, and once more."""

import json

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Q
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import RangeDateTimeFilter
from unfold.decorators import action, display

from core.actors import Actor
from core.admin import ReadOnlyAdmin, Subjects, badge
from core.deeds import ask_and_do
from core.errors import DomainError
from core.reach import by_subject
from notifications.permissions import (
    may_read_webhook_bodies,
    may_replay_webhooks,
    may_see_webhooks,
)
from notifications.webhooks import deliveries, events
from notifications.webhooks.catalogue import Catalogue
from notifications.webhooks.models import WebhookAttempt, WebhookDelivery

WORK_TONES = {"pending": "wait", "done": "ok", "dead": "stop"}
WORK_WORDS = {"pending": _("waiting"), "done": _("taken"), "dead": _("not taken")}
CHANGE = "notifications.change_webhooksubscription"
PAGE = "admin:notifications_webhooksubscription_change"


class TryInline(TabularInline):
    model = WebhookAttempt
    verbose_name_plural = _("tries")
    extra = 0
    hide_title = True  # when it was stands in the first column
    can_delete = False
    fields = ["at", "shown_status", "milliseconds", "error", "shown_answer"]
    readonly_fields = fields
    ordering = ["-id"]

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return may_see_webhooks(request.user)

    @display(description=_("answer"))
    def shown_status(self, row):
        return _status(row.status)

    @display(description=_("it said"))
    def shown_answer(self, row):
        return format_html('<pre class="bo-json">{}</pre>', row.answer) if row.answer else "–"


class TypeFilter(admin.SimpleListFilter):
    title = _("event")
    parameter_name = "event"

    def lookups(self, request, model_admin):
        kinds = [(f"{kind}.", f"{kind}.*") for kind in Catalogue.kinds()]
        return [*kinds, *((name, name) for name in Catalogue.types), ("ping", "ping")]

    def queryset(self, request, rows):
        wanted = self.value()
        if not wanted:
            return rows
        same = {"event__type__startswith": wanted} if wanted.endswith(".") else {"event__type": wanted}
        return rows.filter(**same)


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    within = by_subject("event__subject")
    list_display = ["created_at", "event_type", "of", "to", "shown_state", "shown_status", "took", "tried", "due_next"]
    list_display_links = ["created_at", "event_type"]
    list_filter = ["work_state", TypeFilter, "subscription", ("created_at", RangeDateTimeFilter)]
    list_filter_submit = True
    list_select_related = ["event", "subscription"]
    search_fields = ["event__subject"]
    search_help_text = _("Reference of a stay, or the id of an event (evt_…)")
    ordering = ["-id"]
    sortable_by = ()
    actions = ["replay_selected"]
    actions_detail = ["replay"]
    inlines = [TryInline]
    fields = [
        ("event_type", "to"),
        "event_id",
        "of",
        ("shown_state", "shown_status", "took"),
        ("created_at", "done_at"),
        ("due_next", "give_up_at"),
        ("tried", "replays"),
        "last_error",
        "carried",
    ]
    readonly_fields = [
        *("event_type", "event_id", "of", "to", "shown_state"),
        *("shown_status", "took", "tried", "due_next", "carried"),
    ]

    def get_search_results(self, request, queryset, search_term):
        typed = search_term.strip()[:60]
        if not typed:
            return queryset, False
        named = Q(event__subject__in=Subjects.named(typed)) | Q(event__public_id=typed)
        return queryset.filter(named), False

    def get_fields(self, request, obj=None):
        """What it carried is for those who may read it."""
        fields = super().get_fields(request, obj)
        return fields if may_read_webhook_bodies(request.user) else [one for one in fields if one != "carried"]

    def fits(self, deed, row):
        return row.work_state != "pending" and row.subscription.state != "off"

    def get_actions(self, request):
        return super().get_actions(request) if may_replay_webhooks(request.user) else {}

    @display(description=_("event"))
    def event_type(self, row):
        return row.event.type

    @display(description=_("id"))
    def event_id(self, row):
        return row.event.public_id

    @display(description=_("about"))
    def of(self, row):
        return "–" if row.event.type == "ping" else Subjects.link(row.event.subject)

    @display(description=_("to"))
    def to(self, row):
        return format_html('<a href="{}">{}</a>', reverse(PAGE, args=[row.subscription_id]), row.subscription)

    @display(description=_("state"))
    def shown_state(self, row):
        state = "dead" if row.work_state == "done" and not row.taken else row.work_state
        return badge(WORK_WORDS[state], WORK_TONES[state])

    @display(description=_("answer"))
    def shown_status(self, row):
        return _status(row.status)

    @display(description=_("took"))
    def took(self, row):
        return "–" if row.milliseconds is None else f"{row.milliseconds} ms"

    @display(description=_("tries"))
    def tried(self, row):
        return row.attempts

    @display(description=_("next try"))
    def due_next(self, row):
        return localize(timezone.localtime(row.due_at)) if row.work_state == "pending" else "–"

    @display(description=_("what it carried"))
    def carried(self, row):
        told = json.loads(events.body(row.event, personal=row.subscription.personal))
        return format_html('<pre class="bo-json">{}</pre>', json.dumps(told, indent=2, ensure_ascii=False))

    @action(description=_("Send again"), url_path="replay", permissions=[CHANGE], icon="replay")
    def replay(self, request, object_id):
        row = self.row(request, object_id)

        def act(_found):
            deliveries.replay(row, by=Actor.of(request.user), at=timezone.now())
            return _("It is sent again.")

        return ask_and_do(
            request,
            site=self.admin_site,
            title=_t("Send %(type)s again?") % {"type": row.event.type},
            button=_("Send again"),
            explain=_("The same words under the same id: a receiver that has it already leaves it be."),
            act=act,
            back=reverse("admin:notifications_webhookdelivery_change", args=[row.pk]),
        )

    @admin.action(description=_("Send again"))
    def replay_selected(self, request, queryset):
        sent = 0
        for row in queryset.select_related("event", "subscription"):
            try:
                with transaction.atomic():
                    deliveries.replay(row, by=Actor.of(request.user), at=timezone.now())
                sent += 1
            except DomainError as error:
                messages.warning(request, f"{row}: {error.message}")
        if sent:
            said = ngettext("%(n)s delivery is sent again.", "%(n)s deliveries are sent again.", sent) % {"n": sent}
            messages.success(request, said)
        return redirect(request.get_full_path())


def _status(status):
    if status is None:
        return "–"
    return badge(status, "ok" if 200 <= status < 300 else "stop")


def why(delivery):
    tried = delivery.tries.first()
    return (tried.error or f"HTTP {tried.status}") if tried else delivery.last_error
