"""The sidebar, shaped by what the person may do: a doctor sees her queue, the front desk its day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medical.permissions import reviews

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu; shown to whoever has `needs` (a permission, or "reviews")."""

    title: Words
    icon: str
    page: str
    needs: str
    sandbox: bool = False


MENU: tuple[tuple[Words, tuple[Entry, ...]], ...] = (
    (
        _("The day"),
        (
            Entry(_("Today"), "sunny", "admin:today", "backoffice.view_today"),
            Entry(_("Tasks"), "task_alt", "admin:notifications_stafftask_changelist", "notifications.view_stafftask"),
            Entry(_("Rooms"), "bed", "admin:rooms_room_changelist", "rooms.view_room"),
        ),
    ),
    (
        _("Medical"),
        (
            Entry(_("Review queue"), "clinical_notes", "admin:medical_medicalform_changelist", "reviews"),
            Entry(_("Arrivals to examine"), "stethoscope", "admin:medical_arrivals", "reviews"),
            Entry(_("Red flags"), "flag", "admin:medical_redflagrule_changelist", "medical.view_redflagrule"),
            Entry(
                _("Questionnaires"),
                "list_alt",
                "admin:medical_questionnaire_changelist",
                "medical.view_questionnaire",
            ),
            Entry(_("Doctors"), "badge", "admin:medical_doctorprofile_changelist", "medical.view_doctorprofile"),
        ),
    ),
    (
        _("Stays"),
        (
            Entry(_("Bookings"), "luggage", "admin:bookings_staybooking_changelist", "bookings.view_staybooking"),
            Entry(_("Reviews"), "reviews", "admin:bookings_guestreview_changelist", "bookings.view_guestreview"),
            Entry(_("Messages"), "mail", "admin:notifications_message_changelist", "notifications.view_message"),
            Entry(_("Blocks"), "construction", "admin:rooms_block_changelist", "rooms.view_block"),
            Entry(
                _("Nights and restrictions"),
                "calendar_month",
                "admin:rooms_inventorynight_changelist",
                "rooms.view_inventorynight",
            ),
        ),
    ),
    (
        _("Money"),
        (
            Entry(_("Payments"), "payments", "admin:payments_payment_changelist", "payments.view_payment"),
            Entry(_("Refunds"), "undo", "admin:payments_refund_changelist", "payments.view_refund"),
            Entry(
                _("Exceptions"), "report", "admin:payments_moneyexception_changelist", "payments.view_moneyexception"
            ),
            Entry(_("Folios"), "receipt_long", "admin:payments_folio_changelist", "payments.view_folio"),
            Entry(
                _("Gateway notices"), "webhook", "admin:payments_gatewayevent_changelist", "payments.view_gatewayevent"
            ),
        ),
    ),
    (
        _("What we sell"),
        (
            Entry(_("Programs"), "spa", "admin:programs_program_changelist", "programs.view_program"),
            Entry(_("Room types"), "king_bed", "admin:rooms_roomtype_changelist", "rooms.view_roomtype"),
            Entry(_("Rate bands"), "sell", "admin:programs_rateband_changelist", "programs.view_rateband"),
            Entry(_("Children"), "child_care", "admin:programs_childrate_changelist", "programs.view_childrate"),
            Entry(_("Extras"), "add_shopping_cart", "admin:programs_extra_changelist", "programs.view_extra"),
            Entry(
                _("Room type terms"),
                "contract",
                "admin:programs_roomtypeterms_changelist",
                "programs.view_roomtypeterms",
            ),
            Entry(
                _("Payment plans"), "event_repeat", "admin:programs_paymentplan_changelist", "programs.view_paymentplan"
            ),
            Entry(
                _("Cancellation policies"),
                "policy",
                "admin:programs_cancellationpolicy_changelist",
                "programs.view_cancellationpolicy",
            ),
            Entry(_("Tax rules"), "percent", "admin:programs_taxrule_changelist", "programs.view_taxrule"),
        ),
    ),
    (
        _("Other systems"),
        (
            Entry(
                _("Webhooks"),
                "webhook",
                "admin:notifications_webhooksubscription_changelist",
                "notifications.view_webhooksubscription",
            ),
            Entry(
                _("Deliveries"),
                "outbox",
                "admin:notifications_webhookdelivery_changelist",
                "notifications.view_webhookdelivery",
            ),
        ),
    ),
    (
        _("The house"),
        (
            Entry(_("Property"), "villa", "admin:rooms_property_changelist", "rooms.view_property"),
            Entry(_("People"), "group", "admin:accounts_user_changelist", "accounts.view_user"),
            Entry(_("Roles"), "key", "admin:roles", "auth.view_group"),
            Entry(_("History"), "history", "admin:audit_history_changelist", "audit.view_history"),
            Entry(_("Changes"), "difference", "admin:changes", "audit.view_history"),
            Entry(_("Who looked"), "visibility", "admin:audit_accesslog_changelist", "audit.view_accesslog"),
            Entry(_("Privacy desk"), "shield_person", "admin:privacy", "accounts.privacy_desk"),
            Entry(_("Who saw what"), "manage_search", "admin:privacy_breach", "accounts.breach_pack"),
            Entry(_("Operations"), "monitor_heart", "admin:operations", "backoffice.view_operations"),
            Entry(_("Mailbox"), "inbox", "admin:mailbox", "backoffice.view_mailbox", sandbox=True),
        ),
    ),
)


def may(request: HttpRequest, entry: Entry) -> bool:
    """True when the person may open the page behind the entry."""
    if entry.sandbox and not settings.SANDBOX:
        return False
    if entry.needs == "reviews":
        return reviews(request.user)
    return bool(request.user.has_perm(entry.needs))


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The sidebar's groups; a group without an open door is left out."""
    groups = []
    on_board = request.path in (reverse("admin:index"), reverse("admin:today"))
    breach = request.path.startswith(reverse("admin:privacy_breach"))  # below the desk, with an entry of its own
    at_desk = request.path.startswith(reverse("admin:privacy")) and not breach
    for title, entries in MENU:
        items = [
            {
                "title": entry.title,
                "icon": entry.icon,
                "link": reverse(entry.page),
                **({"active": on_board} if entry.page == "admin:today" else {}),
                **({"active": at_desk} if entry.page == "admin:privacy" else {}),
            }
            for entry in entries
            if may(request, entry)
        ]
        if items:
            groups.append({"title": title, "items": items})
    return groups
