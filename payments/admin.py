"""Money in, money out, and what does not add up. Everything is read-only; deeds go through the verbs."""

import json

from django.contrib import admin
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import RangeDateTimeFilter
from unfold.decorators import action, display

from core.actors import Actor
from core.admin import ReadOnlyAdmin, Subjects, badge, one_of, rupees
from core.deeds import ask_and_do
from core.money import format_inr
from core.reach import by_subject
from payments.domain import exceptions, refunds
from payments.domain.folio import standing
from payments.gateways.registry import available
from payments.models import Folio, FolioLine, GatewayEvent, Instalment, MoneyException, Payment, Refund
from payments.permissions import OF_FOLIO, of_exception, of_notice, sees_folios

PAYMENT_TONES = {"initiated": "quiet", "pending": "wait", "captured": "ok", "failed": "stop"}
REFUND_TONES = {"promised": "wait", "sent": "wait", "with_bank": "wait", "done": "ok", "failed": "stop"}


class Unchanging(TabularInline):
    """Rows under their folio; nobody edits them here."""

    extra = 0
    can_delete = False
    show_change_link = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return sees_folios(request.user)


class LineInline(Unchanging):
    model = FolioLine
    verbose_name_plural = _("lines")
    fields = ["posted_at", "kind", "description", "why", "quantity", "money", "gst_rate"]
    readonly_fields = fields

    @display(description=_("amount"))
    def money(self, line):
        return rupees(line.amount)


@admin.register(Folio)
class FolioAdmin(ReadOnlyAdmin):
    within = by_subject("subject")
    list_display = ["of", "payer_name", "payer_email", "created_at"]
    list_display_links = ["payer_name"]
    search_fields = ["subject"]
    search_help_text = _("The reference of a stay")
    ordering = ["-id"]
    sortable_by = ()
    fields = [("of", "currency"), "payer_name", ("payer_email", "payer_phone"), ("charges", "paid", "balance")]
    readonly_fields = ["of", "charges", "paid", "balance"]
    inlines = [LineInline]

    def get_search_results(self, request, queryset, search_term):
        return (queryset.filter(subject__in=Subjects.named(search_term)) if search_term else queryset), False

    @display(description=_("for"))
    def of(self, folio):
        return Subjects.link(folio.subject)

    @display(description=_("charges"))
    def charges(self, folio):
        return rupees(standing(folio).charges)

    @display(description=_("paid"))
    def paid(self, folio):
        return rupees(standing(folio).paid)

    @display(description=_("balance"))
    def balance(self, folio):
        return rupees(standing(folio).balance)


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    within = OF_FOLIO
    list_display = ["created_at", "of", "payer", "money", "given_back", "shown_state", "mode", "txnid"]
    list_filter = [
        "state",
        one_of("milestone", _("milestone"), Instalment.Milestone.choices),
        ("created_at", RangeDateTimeFilter),
    ]
    list_filter_submit = True
    list_select_related = ["folio"]
    search_fields = ["txnid"]
    search_help_text = _("Our transaction number, the gateway's id, or the reference of a stay")
    ordering = ["-created_at", "-id"]
    sortable_by = ()
    fields = [
        "txnid",
        ("gateway", "gateway_id"),
        ("of", "milestone"),
        ("money", "given_back", "shown_state"),
        ("mode", "bank_reference"),
        "failure",
        ("created_at", "captured_at"),
        "applied_at",
        ("next_poll_at", "polls"),
    ]
    readonly_fields = ["of", "money", "given_back", "shown_state"]

    def get_search_results(self, request, queryset, search_term):
        """Whole numbers only, each by its unique index."""
        typed = search_term.strip()[:60]
        if not typed:
            return queryset, False
        ours = Q(gateway__in=available(), txnid=typed) | Q(gateway__in=available(), gateway_id=typed)
        folios = Folio.objects.filter(subject__in=Subjects.named(typed)).values("pk")
        return queryset.filter(ours | Q(folio__in=folios)), False

    @display(description=_("for"))
    def of(self, payment):
        return Subjects.link(payment.folio.subject)

    @display(description=_("paid by"))
    def payer(self, payment):
        return payment.folio.payer_name

    @display(description=_("amount"))
    def money(self, payment):
        return rupees(payment.amount)

    @display(description=_("promised back"))
    def given_back(self, payment):
        return rupees(payment.refund_reserved) if payment.refund_reserved else "–"

    @display(description=_("state"))
    def shown_state(self, payment):
        return badge(payment.get_state_display(), PAYMENT_TONES[payment.state])


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    within = OF_FOLIO
    list_display = ["created_at", "of", "payer", "money", "reason", "shown_state", "settled_at", "token"]
    list_filter = ["state", ("created_at", RangeDateTimeFilter)]
    list_filter_submit = True
    list_select_related = ["folio", "payment"]
    search_fields = ["token"]
    search_help_text = _("Refund number, or the reference of a stay")
    ordering = ["-created_at", "-id"]
    sortable_by = ()
    fields = [
        ("token", "of"),
        ("money", "reason", "shown_state"),
        "paid_by",
        ("request_id", "bank_reference"),
        ("created_at", "sent_at"),
        ("with_bank_at", "settled_at"),
        ("attempts", "failures", "due_at"),
        "last_error",
    ]
    readonly_fields = ["of", "money", "shown_state", "paid_by"]
    actions_detail = ["try_again"]

    def get_search_results(self, request, queryset, search_term):
        typed = search_term.strip()[:60]
        folios = Folio.objects.filter(subject__in=Subjects.named(typed)).values("pk")
        return (queryset.filter(Q(token=typed) | Q(folio__in=folios)) if typed else queryset), False

    @display(description=_("for"))
    def of(self, refund):
        return Subjects.link(refund.folio.subject)

    @display(description=_("goes to"))
    def payer(self, refund):
        return refund.folio.payer_name

    @display(description=_("amount"))
    def money(self, refund):
        return rupees(refund.amount)

    def fits(self, deed, row):
        return row.state == Refund.State.FAILED

    @display(description=_("out of payment"))
    def paid_by(self, refund):
        where = reverse("admin:payments_payment_change", args=[refund.payment_id])
        return format_html('<a href="{}">{}</a>', where, refund.payment)

    @display(description=_("state"))
    def shown_state(self, refund):
        return badge(refund.get_state_display(), REFUND_TONES[refund.state])

    @action(description=_("Try again"), url_path="retry", permissions=["payments.change_refund"], icon="refresh")
    def try_again(self, request, object_id):
        refund = self.row(request, object_id)

        def act(_found):
            refunds.retry(refund, by=Actor.of(request.user), at=timezone.now())
            return _t("The refund of %(amount)s is tried again.") % {"amount": format_inr(refund.amount)}

        return ask_and_do(
            request,
            site=self.admin_site,
            title=_t("Try the refund of %(amount)s again?") % {"amount": format_inr(refund.amount)},
            button=_("Try again"),
            explain=_("We ask the gateway first what became of it; no promise is ever paid out twice."),
            act=act,
            back=reverse("admin:payments_refund_change", args=[refund.pk]),
        )


@admin.register(MoneyException)
class MoneyExceptionAdmin(ReadOnlyAdmin):
    within = of_exception
    list_display = ["opened_at", "kind", "paid_by", "detail", "standing_words", "closed_by"]
    list_filter = ["kind", ("closed_at", admin.EmptyFieldListFilter)]
    list_select_related = ["payment"]
    search_fields = ["payment__txnid__startswith", "key__startswith"]
    search_help_text = _("Transaction number")
    ordering = ["-closed_at", "-opened_at"]  # open ones first: NULL sorts on top
    sortable_by = ()
    fields = ["kind", "paid_by", "detail", ("opened_at", "closed_at", "closed_by")]
    readonly_fields = ["paid_by"]
    actions_detail = ["close_it"]

    @display(description=_("payment"))
    def paid_by(self, row):
        if row.payment is None:
            return "–"
        where = reverse("admin:payments_payment_change", args=[row.payment_id])
        return format_html('<a href="{}">{}</a>', where, row.payment)

    def fits(self, deed, row):
        return row.closed_at is None

    @display(description=_("standing"))
    def standing_words(self, row):
        return badge(_("closed"), "quiet") if row.closed_at else badge(_("open"), "stop")

    @action(description=_("Close"), url_path="close", permissions=["payments.change_moneyexception"], icon="task_alt")
    def close_it(self, request, object_id):
        row = self.row(request, object_id)

        def act(_found):
            exceptions.close(row, by=Actor.of(request.user), at=timezone.now())
            return _("The exception is closed.")

        return ask_and_do(
            request,
            site=self.admin_site,
            title=_("Is this dealt with?"),
            button=_("Close the exception"),
            explain=row.detail,
            act=act,
            back=reverse("admin:payments_moneyexception_changelist"),
        )


@admin.register(GatewayEvent)
class GatewayEventAdmin(ReadOnlyAdmin):
    within = of_notice
    list_display = ["created_at", "gateway", "source", "txnid", "work_state", "last_error"]
    list_display_links = ["created_at"]
    list_filter = [
        "work_state",
        one_of("source", _("source"), [("return", _("browser")), ("webhook", _("server"))]),
        ("created_at", RangeDateTimeFilter),
    ]
    list_filter_submit = True
    search_fields = ["txnid__startswith"]
    search_help_text = _("Our transaction number")
    ordering = ["-id"]
    sortable_by = ()
    fields = [("gateway", "source", "txnid"), ("created_at", "work_state", "done_at"), "last_error", "masked"]
    readonly_fields = ["masked"]

    @display(description=_("what it said (masked)"))
    def masked(self, event):
        return format_html('<pre class="bo-json">{}</pre>', json.dumps(event.payload, indent=2, ensure_ascii=False))
