"""Push to the app over FCM HTTP v1: a service account signs for an OAuth token, the token sends."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import jwt

from notifications.channels.base import Gone, Parcel, Refused, Unclear
from notifications.channels.calls import Answer, post

SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
EARLY = 120.0  # seconds before its end at which a token is not used any more

_tokens: dict[tuple[str, str], tuple[str, float]] = {}  # of this process: (account, where) -> token, its end


@dataclass(frozen=True, slots=True)
class Fcm:
    """`account` as Google hands it out: project_id, client_email, private_key, token_uri."""

    url: str
    account: dict[str, str]

    def send(self, parcel: Parcel) -> str:
        answer = self._post(parcel, self._token())
        if answer.status == 401:  # ended early, or withdrawn: once with a fresh one
            _tokens.pop(self._name, None)
            answer = self._post(parcel, self._token())
        if answer.ok:
            return str(answer.body.get("name", ""))[:200]
        raise _told(answer)

    def _post(self, parcel: Parcel, token: str) -> Answer:
        message: dict[str, Any] = {
            "token": parcel.to,
            "notification": {"title": parcel.subject, "body": parcel.text},
            "data": {"link": parcel.link, "template": parcel.template},
            "android": {"collapse_key": parcel.mark},
            "apns": {"headers": {"apns-collapse-id": parcel.mark}},
        }
        where = f"{self.url}/v1/projects/{self.account['project_id']}/messages:send"
        return post(where, headers={"Authorization": f"Bearer {token}"}, json={"message": message})

    @property
    def _name(self) -> tuple[str, str]:
        return self.account["client_email"], self.account["token_uri"]

    def _token(self) -> str:
        known, end = _tokens.get(self._name, ("", 0.0))
        if time.monotonic() < end - EARLY:
            return known
        now = int(time.time())
        claims = {
            "iss": self.account["client_email"],
            "scope": SCOPE,
            "aud": self.account["token_uri"],
            "iat": now,
            "exp": now + 3600,
        }
        signed = jwt.encode(claims, self.account["private_key"], algorithm="RS256")
        answer = post(self.account["token_uri"], data={"grant_type": GRANT, "assertion": signed})
        token = answer.body.get("access_token")
        if not answer.ok or not isinstance(token, str):
            raise Refused(f"Google does not know our service account: {answer.status}")
        _tokens[self._name] = (token, time.monotonic() + float(answer.body.get("expires_in", 3600)))
        return token


def _told(answer: Answer) -> Exception:
    error = answer.body.get("error")
    error = error if isinstance(error, dict) else {}
    details = error.get("details")
    codes = {one.get("errorCode") for one in details if isinstance(one, dict)} if isinstance(details, list) else set()
    if "UNREGISTERED" in codes or (answer.status == 404 and not codes):
        return Gone("the app is not on this device any more")
    if error.get("status") in ("UNAVAILABLE", "INTERNAL"):
        return Unclear("FCM is away")
    return Refused(f"FCM refused it: {answer.status} {'/'.join(sorted(str(one) for one in codes if one))}".strip())
