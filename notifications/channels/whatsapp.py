"""WhatsApp over Meta's Cloud API: approved templates only, as the house begins the talk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from notifications.channels.base import Busy, Gone, Parcel, Refused, Unclear
from notifications.channels.calls import post

WAIT = (4, 80007, 130429, 131048, 131056, 133016)  # limits of the app, the account, the pair
NOBODY = (131026,)  # no WhatsApp under this number
THEIRS = (1, 2, 131000, 131016, 131057)  # their service is away


@dataclass(frozen=True, slots=True)
class CloudApi:
    """`url` up to the version (https://graph.facebook.com/v23.0), `sender` the id of our number."""

    url: str
    sender: str
    token: str

    def send(self, parcel: Parcel) -> str:
        values = [{"type": "text", "text": word} for word in parcel.words.values()]
        template: dict[str, Any] = {"name": parcel.template, "language": {"code": parcel.language}}
        if values:
            template["components"] = [{"type": "body", "parameters": values}]
        body = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": parcel.to.lstrip("+"),
            "type": "template",
            "template": template,
        }
        answer = post(
            f"{self.url}/{self.sender}/messages", headers={"Authorization": f"Bearer {self.token}"}, json=body
        )
        if not answer.ok:
            raise _told(answer.status, answer.body)
        found = answer.body.get("messages")
        if not isinstance(found, list) or not found or not isinstance(found[0], dict):
            raise Unclear("WhatsApp named no message")
        return str(found[0].get("id", ""))[:200]


def _told(status: int, body: dict[str, Any]) -> Exception:
    error = body.get("error")
    code = error.get("code") if isinstance(error, dict) else None
    if code in WAIT:
        return Busy(60, f"WhatsApp asks us to wait: {code}")
    if code in NOBODY:
        return Gone("no WhatsApp under this number")
    if code in THEIRS:
        return Unclear(f"WhatsApp: {code}")
    return Refused(f"WhatsApp refused it: {status} {code}")
