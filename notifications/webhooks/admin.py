"""Webhooks for staff: who is told what, how each telling went, and once more. A secret is shown once."""

import json

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
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
from core.doors import Scope, door
from core.errors import DomainError
from core.reach import by_subject
from notifications.permissions import (
    may_add_webhooks,
    may_change_webhooks,
    may_read_webhook_bodies,
    may_replay_webhooks,
    may_see_webhooks,
)
from notifications.webhooks import deliveries, events, subscriptions
from notifications.webhooks.catalogue import Catalogue
from notifications.webhooks.forms import WebhookForm
from notifications.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookSubscription

STATE_TONES = {"active": "ok", "paused": "wait", "off": "stop"}
WORK_TONES = {"pending": "wait", "done": "ok", "dead": "stop"}
WORK_WORDS = {"pending": _("waiting"), "done": _("taken"), "dead": _("not taken")}
CHANGE = "notifications.change_webhooksubscription"
LIST = "admin:notifications_webhooksubscription_changelist"
PAGE = "admin:notifications_webhooksubscription_change"


@admin.register(WebhookSubscription)
class WebhookSubscriptionAdmin(ReadOnlyAdmin):
    house_wide = "A receiver hears of every property, so only who works for the whole house is let in."
    list_display = ["name", "where", "told", "shown_state", "health", "answered_at"]
    ordering = ["name"]
    sortable_by = ()
    fields = [
        ("name", "shown_state"),
        "url",
        "told_in_full",
        "shown_personal",
        "note",
        ("answered_at", "health"),
        ("created_at", "created_by"),
        "old_secret",
        "log",
    ]
    readonly_fields = ["shown_state", "told_in_full", "shown_personal", "health", "old_secret", "log"]
    actions_detail = ["test", "edit", "replace_secret", "pause", "resume", "switch_off"]

    def has_add_permission(self, request):
        return may_add_webhooks(request.user)

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) and may_change_webhooks(request.user)

    def get_urls(self):
        """Adding is a deed with a page of its own, because a secret is shown at the end."""
        add = self.admin_site.admin_view(self.add_page)
        return [path("add/", add, name="notifications_webhooksubscription_add"), *super().get_urls()]

    def fits(self, deed, row):
        if deed == "pause":
            return row.state == "active"
        if deed == "resume":
            return row.state != "active"
        return deed != "switch_off" or row.state != "off"

    @display(description=_("address"))
    def where(self, row):
        return row.url.partition("://")[2][:48]

    @display(description=_("events"))
    def told(self, row):
        shown = ", ".join(row.events[:3])
        return f"{shown} +{len(row.events) - 3}" if len(row.events) > 3 else shown

    @display(description=_("events"))
    def told_in_full(self, row):
        return ", ".join(row.events)

    @display(description=_("names and contacts"))
    def shown_personal(self, row):
        return _("sent") if row.personal else _("left out")

    @display(description=_("state"))
    def shown_state(self, row):
        return badge(row.get_state_display(), STATE_TONES[row.state])

    @display(description=_("health"))
    def health(self, row):
        if not row.failed_in_a_row:
            return badge(_("good"), "ok") if row.answered_at else badge(_("not called yet"), "quiet")
        n = row.failed_in_a_row
        return badge(ngettext("%(n)s failure", "%(n)s failures in a row", n) % {"n": n}, "stop")

    @display(description=_("old secret signs until"))
    def old_secret(self, row):
        until = row.previous_until
        return f"{timezone.localtime(until):%d %b %Y, %H:%M}" if until and until > timezone.now() else "–"

    @display(description=_("deliveries"))
    def log(self, row):
        where = reverse("admin:notifications_webhookdelivery_changelist")
        return format_html(
            '<a href="{}?subscription__id__exact={}">{}</a>', where, row.pk, _("The log of this webhook")
        )

    @door(needs="notifications.add_webhooksubscription", scope=Scope.HOUSE, changes=True)
    def add_page(self, request):
        if not self.has_add_permission(request):
            raise PermissionDenied
        shown = {}

        def act(found):
            shown["row"], shown["secret"] = subscriptions.add(
                found["name"], **self._wanted(found), by=Actor.of(request.user), at=timezone.now()
            )
            return _("The webhook is added.")

        page = ask_and_do(
            request,
            site=self.admin_site,
            title=_("Tell another system"),
            button=_("Add the webhook"),
            explain=_("Each event is sent signed, at least once, and tried again for 72 hours."),
            act=act,
            back=reverse(LIST),
            form=WebhookForm,
        )
        return self._show(request, shown) if shown else page

    @action(description=_("Send a test"), url_path="test", permissions=[CHANGE], icon="network_ping")
    def test(self, request, object_id):
        row = self.row(request, object_id)

        def act(_found):
            sent = deliveries.ping(row, by=Actor.of(request.user), at=timezone.now())
            if sent.taken:
                return _t("It answered %(status)s in %(ms)s ms.") % {"status": sent.status, "ms": sent.milliseconds}
            raise DomainError("no_answer", _t("It did not take the test: %(why)s") % {"why": _why(sent)})

        return ask_and_do(
            request,
            site=self.admin_site,
            title=_t("Send a test to %(name)s?") % {"name": row.name},
            button=_("Send a test"),
            explain=_("An event of type ping, signed like all others and without anybody's data, goes there now."),
            act=act,
            back=reverse(PAGE, args=[row.pk]),
        )

    @action(description=_("Change"), url_path="edit", permissions=[CHANGE], icon="edit")
    def edit(self, request, object_id):
        row = self.row(request, object_id)

        def act(found):
            wanted = self._wanted(found)
            subscriptions.change(row, name=found["name"], **wanted, by=Actor.of(request.user), at=timezone.now())
            return _("The webhook is changed.")

        return ask_and_do(
            request,
            site=self.admin_site,
            title=_t("Change %(name)s") % {"name": row.name},
            button=_("Save"),
            act=act,
            back=reverse(PAGE, args=[row.pk]),
            form=lambda data=None: WebhookForm(data, initial=WebhookForm.of(row)),
        )

    @action(description=_("New secret"), url_path="secret", permissions=[CHANGE], icon="key")
    def replace_secret(self, request, object_id):
        row = self.row(request, object_id)
        shown = {}

        def act(_found):
            shown["row"] = row
            shown["secret"] = subscriptions.rotate(row, by=Actor.of(request.user), at=timezone.now())
            return _("There is a new secret.")

        page = ask_and_do(
            request,
            site=self.admin_site,
            title=_t("A new secret for %(name)s?") % {"name": row.name},
            button=_("Make a new secret"),
            explain=_("For 24 hours the old one signs as well, so that the other system can change over in peace."),
            act=act,
            back=reverse(PAGE, args=[row.pk]),
        )
        return self._show(request, shown) if shown else page

    @action(description=_("Pause"), url_path="pause", permissions=[CHANGE], icon="pause")
    def pause(self, request, object_id):
        words = _("What happens meanwhile is kept and sent when you resume.")
        return self._ask(request, object_id, _("Pause"), subscriptions.pause, words)

    @action(description=_("Resume"), url_path="resume", permissions=[CHANGE], icon="play_arrow")
    def resume(self, request, object_id):
        return self._ask(request, object_id, _("Resume"), subscriptions.resume, _("What has waited is sent at once."))

    @action(description=_("Switch off"), url_path="off", permissions=[CHANGE], icon="power_settings_new")
    def switch_off(self, request, object_id):
        def off(row, *, by, at):
            subscriptions.switch_off(row, note=_t("Switched off by %(name)s.") % {"name": by.name}, by=by, at=at)

        return self._ask(request, object_id, _("Switch off"), off, _("Nothing is kept or sent any more."), danger=True)

    def _ask(self, request, object_id, button, verb, explain, danger=False):
        row = self.row(request, object_id)

        def act(_found):
            verb(row, by=Actor.of(request.user), at=timezone.now())
            return _("Done.")

        return ask_and_do(
            request,
            site=self.admin_site,
            title=f"{button}: {row.name}?",
            button=button,
            explain=explain,
            danger=danger,
            act=act,
            back=reverse(PAGE, args=[row.pk]),
        )

    def _show(self, request, shown):
        """The secret, once: an answer that nobody stores and a reload does not repeat."""
        list(messages.get_messages(request))
        context = {
            **self.admin_site.each_context(request),
            "title": shown["row"].name,
            "row": shown["row"],
            "secret": shown["secret"],
            "back": reverse(PAGE, args=[shown["row"].pk]),
        }
        headers = {"Cache-Control": "no-store"}
        return TemplateResponse(request, "admin/notifications/webhook_secret.html", context, headers=headers)

    @staticmethod
    def _wanted(found):
        return {name: found[name] for name in ("url", "events", "personal")}


class TryInline(TabularInline):
    model = WebhookAttempt
    verbose_name_plural = _("tries")
    extra = 0
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
        return timezone.localtime(row.due_at).strftime("%d %b %H:%M:%S") if row.work_state == "pending" else "–"

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


def _why(delivery):
    tried = delivery.tries.first()
    return (tried.error or f"HTTP {tried.status}") if tried else delivery.last_error
