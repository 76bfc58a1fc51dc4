"""SMS over MSG91's flow API: India delivers only texts that are registered (DLT), so we send an id and its words."""

from __future__ import annotations

from dataclasses import dataclass

from notifications.channels.base import Parcel, Refused, Unclear
from notifications.channels.calls import post


@dataclass(frozen=True, slots=True)
class Msg91:
    """`templates`: our name -> MSG91's id of the registered text, whose words are ##name##."""

    url: str
    key: str
    templates: dict[str, str]

    def send(self, parcel: Parcel) -> str:
        template = self.templates.get(parcel.template)
        if not template:
            raise Refused(f"no registered text for {parcel.template}")
        recipient = {"mobiles": parcel.to.lstrip("+"), **parcel.words}
        body = {"template_id": template, "short_url": "0", "recipients": [recipient]}
        answer = post(self.url, headers={"authkey": self.key, "Accept": "application/json"}, json=body)
        if not answer.ok or answer.body.get("type") == "error":
            raise Refused(f"MSG91 refused it: {answer.status}")
        if answer.body.get("type") != "success":
            raise Unclear("MSG91 said neither yes nor no")
        return str(answer.body.get("message", ""))[:200]
