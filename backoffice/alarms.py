"""The letter to the house when something about security wants a person: what happened, to whom, when, what to do."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _

from accounts.models import User

TRIES = {
    "sign-in": "signing in to one account",
    "sign-in-from": "signing in from one address on the network",
    "failed-sign-ins": "signing in, over the whole house",
    "code-from": "asking for codes from one address on the network",
    "code-tries-from": "trying codes from one address on the network",
    "proof": "proving who one is, in one account",
    "sms-budget": "text messages of today",
}


def words(event: str, *, user_id: int | None, at: datetime, data: dict[str, Any]) -> dict[str, str]:
    """`title`, `what`, `who`, `when`, `todo` and `link`; an event without words of its own still says what and when."""
    user = User.objects.filter(pk=user_id).first() if user_id else None
    title, what, todo = _told(event, data)
    return {
        "title": title,
        "what": what,
        "who": (user.get_full_name() or _("an account without a name")) if user else "",
        "when": date_format(timezone.localtime(at), "D j M Y, H:i"),
        "todo": todo,
        "link": settings.SITE_URL + _page(user),
    }


def _page(user: User | None) -> str:
    """What the history says of the account, or of the house."""
    subject = f"user:{user.pk}" if user else "house:security"
    return f"{reverse('admin:audit_history_changelist')}?q={subject}"


def _told(event: str, data: dict[str, Any]) -> tuple[str, str, str]:
    kind = _("telephone number") if data.get("kind") == "phone" else _("e-mail address")
    limit = TRIES.get(str(data.get("limit", "")), str(data.get("limit", "")))
    told = {
        "contact_undone": (
            _("Security: a change of contact was taken back"),
            _("The %(kind)s of an account was changed, and the change was taken back by the link in our mail.")
            % {"kind": kind},
            _("Somebody else had the password or the mail. Every device is signed out, the password is gone. Call the "
              "guest on the number of an earlier stay, and look for stays and cancellations that were not theirs."),
        ),
        "token_reused": (
            _("Security: an old key of a device was used again"),
            _("A refresh token that had been exchanged came a second time, so the device was signed out."),
            _("Once is often a fault of the app. Several in a day for one account: ask for a new password."),
        ),
        "second_factor_reset": (
            _("Security: a second factor was taken away"),
            _("A member of staff can sign in without a second factor until a new one is set up."),
            _("Ask the person who did it. If nobody did, end the account's sessions at once."),
        ),
        "limit_reached": (
            _("Security: too many tries"),
            _("A limit was reached: %(limit)s. Further tries are refused for now.") % {"limit": limit},
            _("Look at the history around this time. One address or one account is the usual guessing; many of them at "
              "once is worth a call to who runs the servers."),
        ),
    }  # fmt: skip
    other = event.replace("_", " ")
    return told.get(event) or (
        _("Security: %(what)s") % {"what": other},
        _("Noted by the house: %(what)s.") % {"what": other},
        _("Look at the history around this time."),
    )
