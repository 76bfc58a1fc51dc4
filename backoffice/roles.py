"""Who may do what (domain.md §9): roles are groups, and this table is what a group may do.

Kept by every `migrate`, so a role means the same on every machine. Answers of guests are no permission at all: they are
guarded by `medical.permissions`, and a superuser is not let in either.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import connection

STAY_DEEDS = ("check_in_stay", "check_out_stay", "assign_room", "mark_no_show", "cancel_stay")
TASKS = ("notifications.view_stafftask", "notifications.change_stafftask")
MONEY_SEEN = ("payments.view_folio", "payments.view_payment", "payments.view_refund")
CATALOGUE = ("programtype", "program", "extra", "paymentplan", "roomtypeterms", "rateband", "childrate")
RULES = ("cancellationpolicy", "taxrule")
REVIEWS = ("bookings.view_guestreview", "bookings.moderate_guestreview")
ROOMS_SEEN = ("rooms.view_room", "rooms.view_roomtype", "rooms.view_block", "rooms.view_inventorynight")

FRONT_DESK = (
    *TASKS,
    *MONEY_SEEN,
    *ROOMS_SEEN,
    "backoffice.view_today",
    "bookings.view_staybooking",
    *(f"bookings.{deed}" for deed in STAY_DEEDS),
    "notifications.view_message",
    "rooms.change_room",
)
RESERVATIONS = (
    *TASKS,
    *MONEY_SEEN,
    *ROOMS_SEEN,
    "backoffice.view_today",
    "bookings.view_staybooking",
    "bookings.assign_room",
    "bookings.cancel_stay",
    "notifications.view_message",
    *(f"programs.view_{model}" for model in (*CATALOGUE, *RULES)),
)
FINANCE = (
    *TASKS,
    *MONEY_SEEN,
    "bookings.view_staybooking",
    "notifications.view_message",
    "payments.view_gatewayevent",
    "payments.view_moneyexception",
    "payments.change_moneyexception",
    "payments.change_refund",
    *(f"programs.view_{model}" for model in RULES),
)
DOCTOR = ("medical.review_medicalform", "medical.view_questionnaire", "medical.view_redflagrule")
MEDICAL_LEAD = (
    *TASKS,
    "medical.review_medicalform",
    "medical.lead_medicalform",
    "medical.view_questionnaire",
    "medical.view_doctorprofile",
    "medical.change_doctorprofile",
    *(f"medical.{deed}_redflagrule" for deed in ("view", "add", "change", "delete")),
    "audit.view_accesslog",
    "accounts.breach_pack",
)
CONTENT_EDITOR = (*REVIEWS, "programs.view_program", "rooms.view_roomtype")
FACILITATOR: tuple[str, ...] = ()
MANAGER = tuple(
    dict.fromkeys(
        (
            *FRONT_DESK,
            *RESERVATIONS,
            *REVIEWS,
            "bookings.cancel_for_house",
            "bookings.override_gates",
            "payments.view_gatewayevent",
            "payments.view_moneyexception",
            "rooms.view_property",
            "rooms.change_property",
            "rooms.change_roomtype",
            "rooms.add_block",
            "rooms.change_block",
            "rooms.change_inventorynight",
            *(f"programs.{deed}_{model}" for deed in ("add", "change") for model in (*CATALOGUE, *RULES)),
            "programs.delete_childrate",
            "audit.view_history",
            "accounts.privacy_desk",
            "backoffice.view_operations",
            "backoffice.view_mailbox",  # of the sandbox: its letters name guests, and their links open forms and stays
            *(f"notifications.{deed}_webhooksubscription" for deed in ("view", "add", "change")),
            "notifications.view_webhookdelivery",
        )
    )
)
ADMIN = tuple(
    dict.fromkeys(
        (
            *MANAGER,
            *FINANCE,
            "accounts.view_user",
            "accounts.add_user",
            "accounts.change_user",
            "auth.view_group",
            "audit.view_accesslog",
            "accounts.privacy_desk",
            "accounts.breach_pack",
            "notifications.read_webhook_bodies",
            "rooms.see_every_property",
        )
    )
)

ROLES: dict[str, tuple[str, ...]] = {
    "front_desk": FRONT_DESK,
    "reservations": RESERVATIONS,
    "finance": FINANCE,
    "doctor": DOCTOR,
    "medical_lead": MEDICAL_LEAD,
    "content_editor": CONTENT_EDITOR,
    "facilitator": FACILITATOR,
    "manager": MANAGER,
    "admin": ADMIN,
}


def holding(permission: str) -> list[str]:
    """The roles that hold a permission, in the order of the table."""
    return [role for role, held in ROLES.items() if permission in held]


def keep_roles(**kwargs: Any) -> None:
    """After migrate: every role exists and may do exactly what the table says (tables not made yet wait for later)."""
    if "auth_group" not in connection.introspection.table_names():
        return
    known = {
        f"{app}.{code}": pk
        for pk, app, code in Permission.objects.values_list("pk", "content_type__app_label", "codename")
    }
    for name, wanted in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set([known[code] for code in dict.fromkeys(wanted) if code in known])
