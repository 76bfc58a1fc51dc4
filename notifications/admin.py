"""Messages promised and sent, and tasks for people. A preview never opens a guest's door."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateTimeFilter
from unfold.decorators import action, display

from core.admin import ReadOnlyAdmin, Subjects, badge
from core.deeds import ask_and_do, do
from core.doors import Scope, door
from core.reach import by_subject
from notifications.domain import desk
from notifications.models import Message, StaffTask
from notifications.permissions import may_finish_tasks
from notifications.preview import LETTER_POLICY, letter
from notifications.webhooks import admin as webhooks_admin  # noqa: F401 - pages of their own
from notifications.webhooks import admin_log as webhooks_log  # noqa: F401

WORK_TONES = {"pending": "wait", "done": "ok", "dead": "stop"}


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    within = by_subject("subject_of")
    list_display = ["created_at", "named", "channel", "of", "recipient", "shown_state", "sent_at"]
    list_display_links = ["created_at", "named"]
    list_filter = ["work_state", "channel", ("created_at", RangeDateTimeFilter)]
    list_filter_submit = True
    search_fields = ["subject_of"]
    search_help_text = _("The recipient's address, or the reference of a stay")
    ordering = ["-id"]
    sortable_by = ()
    fields = [
        ("named", "of"),
        "recipient",
        ("recipient_name", "language"),
        "shown_state",
        ("created_at", "sent_at", "expires_at"),
        ("channel", "dropped", "provider_id"),
        ("attempts", "failures", "due_at"),
        "last_error",
        "files",
    ]
    readonly_fields = ["named", "of", "shown_state", "files"]
    actions_detail = ["preview"]

    def get_urls(self):
        view = self.admin_site.admin_view(self.letter_view)
        return [
            path("<int:object_id>/letter/", view, name="notifications_message_letter"),
            *super().get_urls(),
        ]

    def get_search_results(self, request, queryset, search_term):
        typed = search_term.strip()[:100]
        if "@" in typed:
            return queryset.filter(recipient__startswith=typed.lower()), False
        return (queryset.filter(subject_of__in=Subjects.named(typed)) if typed else queryset), False

    @display(description=_("message"))
    def named(self, message):
        return message.words

    @display(description=_("about"))
    def of(self, message):
        return Subjects.link(message.subject_of)

    @display(description=_("state"))
    def shown_state(self, message):
        return badge(message.get_work_state_display(), WORK_TONES[message.work_state])

    @display(description=_("attachments"))
    def files(self, message):
        return ", ".join(one["name"] for one in message.attachments) or "–"

    @action(description=_("Preview"), url_path="preview", permissions=["notifications.view_message"], icon="visibility")
    def preview(self, request, object_id):
        message = self.row(request, object_id)
        mail = letter(message)
        context = {
            **self.admin_site.each_context(request),
            "title": mail.subject if mail else message.template,
            "message": message,
            "mail": mail,
            "letter": reverse("admin:notifications_message_letter", args=[message.pk]),
            "back": reverse("admin:notifications_message_change", args=[message.pk]),
        }
        return TemplateResponse(request, "admin/letter.html", context)

    @door(needs="notifications.view_message", scope=Scope.PROPERTY)
    def letter_view(self, request, object_id):
        """The HTML of the mail alone, for the frame of the preview."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        mail = letter(self.row(request, object_id))
        if mail is None:
            raise Http404
        headers = {"Content-Security-Policy": LETTER_POLICY, "X-Frame-Options": "SAMEORIGIN"}
        return HttpResponse(mail.html, headers=headers)


class MineFilter(admin.SimpleListFilter):
    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request, model_admin):
        return [("all", _("all")), ("done", _("done"))]

    def choices(self, changelist):
        yield {
            "selected": self.value() is None,
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
            "display": _("open"),
        }
        for value, words in self.lookup_choices:
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": words,
            }

    def queryset(self, request, rows):
        if self.value() == "all":
            return rows
        return rows.filter(done_at__isnull=self.value() != "done")


@admin.register(StaffTask)
class StaffTaskAdmin(ReadOnlyAdmin):
    within = by_subject("subject")
    list_display = ["title", "desk", "of", "created_at", "standing", "to_do"]
    list_filter = [MineFilter, "desk"]
    list_select_related = ["done_by"]
    ordering = ["created_at"]
    sortable_by = ()
    fields = ["title", ("desk", "of"), "created_at", ("done_at", "done_by"), "to_do_here"]
    readonly_fields = ["of", "to_do_here"]
    actions_detail = ["finish"]
    appears_here = _(
        "What needs a person comes here by itself: a payment that is overdue, a guest who did not come, a form that "
        "waits for a doctor, a webhook that is off, a wish for a correction."
    )
    change_list_template = "admin/notifications/stafftask/change_list.html"

    def get_urls(self):
        view = self.admin_site.admin_view(self.finish_from_list)
        return [path("finish/", view, name="notifications_stafftask_finish_row"), *super().get_urls()]

    @display(description=_("about"))
    def of(self, task):
        return Subjects.link(task.subject) if task.subject else "–"

    @display(description=_("standing"))
    def standing(self, task):
        if task.done_at:
            return badge(_("done by %(who)s") % {"who": task.done_by} if task.done_by else _("done"), "ok")
        return badge(_("open"), "wait")

    @display(description=_("to do"))
    def to_do(self, task):
        """A button for the form above the list: done, without opening the task first."""
        if task.done_at:
            return "–"
        if (elsewhere := desk.Elsewhere.of(task)) is not None:
            where = Subjects.address(task.subject)
            return format_html('<a class="bo-chip" href="{}">{}</a>', where, elsewhere[0]) if where else "–"
        return format_html(
            '<button type="submit" class="bo-chip" form="finish-task" name="task" value="{}">{}</button>',
            task.pk,
            _("Mark as done"),
        )

    def get_fields(self, request, obj=None):
        """A task that ends elsewhere says where."""
        fields = super().get_fields(request, obj)
        open_elsewhere = obj is not None and not obj.done_at and desk.Elsewhere.of(obj) is not None
        return fields if open_elsewhere else [one for one in fields if one != "to_do_here"]

    @display(description=_("how it ends"))
    def to_do_here(self, task):
        elsewhere = desk.Elsewhere.of(task)
        return format_html("{} {}", elsewhere[1], self.to_do(task)) if elsewhere else "–"

    def fits(self, deed, row):
        return row.done_at is None and desk.Elsewhere.of(row) is None

    @door(needs="notifications.change_stafftask", scope=Scope.PROPERTY, changes=True)
    def finish_from_list(self, request):
        pk = request.POST.get("task", "")
        if request.method != "POST" or not may_finish_tasks(request.user):
            raise PermissionDenied
        task = self.row(request, pk)
        back = reverse("admin:notifications_stafftask_changelist")
        return do(request, lambda: self._finish(request, task), back=back)

    @action(description=_("Done"), url_path="done", permissions=["notifications.change_stafftask"], icon="task_alt")
    def finish(self, request, object_id):
        task = self.row(request, object_id)
        return ask_and_do(
            request,
            site=self.admin_site,
            title=task.title,
            button=_("This is done"),
            act=lambda _found: self._finish(request, task),
            back=reverse("admin:notifications_stafftask_changelist"),
        )

    @staticmethod
    def _finish(request, task):
        desk.finish(task, user_id=request.user.pk, at=timezone.now())
        return _("Done.")
