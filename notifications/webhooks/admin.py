"""Webhooks for staff: who is told what. A secret is shown once. How each telling went: `admin_log`."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import action, display

from core.actors import Actor
from core.admin import ReadOnlyAdmin, Subjects, badge
from core.deeds import ask_and_do
from core.doors import Scope, door
from core.errors import DomainError
from notifications.permissions import (
    may_add_webhooks,
    may_change_webhooks,
)
from notifications.webhooks import deliveries, subscriptions
from notifications.webhooks.admin_log import why
from notifications.webhooks.forms import WebhookForm
from notifications.webhooks.models import WebhookSubscription

STATE_TONES = {"active": "ok", "paused": "wait", "off": "stop"}
CHANGE = "notifications.change_webhooksubscription"
LIST = "admin:notifications_webhooksubscription_changelist"
PAGE = "admin:notifications_webhooksubscription_change"
Subjects.add("webhook", PAGE, words=_("Webhook"))


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
        """What its last answers say; one that is off or paused is not called, whatever it said last."""
        if row.state != row.State.ACTIVE:
            return badge(row.get_state_display().lower(), STATE_TONES[row.state])
        if not row.failed_in_a_row:
            return badge(_("good"), "ok") if row.answered_at else badge(_("not called yet"), "quiet")
        n = row.failed_in_a_row
        return badge(ngettext("%(n)s failure", "%(n)s failures in a row", n) % {"n": n}, "stop")

    @display(description=_("old secret signs until"))
    def old_secret(self, row):
        until = row.previous_until
        return localize(timezone.localtime(until)) if until and until > timezone.now() else "–"

    @display(description=_("deliveries"))
    def log(self, row):
        where = reverse("admin:notifications_webhookdelivery_changelist")
        return format_html(
            '<a href="{}?subscription__id__exact={}">{}</a>', where, row.pk, _("The log of this webhook")
        )

    @door(needs="notifications.add_webhooksubscription", scope=Scope.WHOLE, changes=True)
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
            raise DomainError("no_answer", _t("It did not take the test: %(why)s") % {"why": why(sent)})

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
