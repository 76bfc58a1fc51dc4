"""The whole product on a live server, with the PayU simulator over real HTTP; `turn` does what the workers would do."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import httpx
import pytest
from django.utils import timezone

from core import work
from payments.simulator import clock


class Town:
    """A site, its simulator, its clockwork."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.http = httpx.Client(base_url=base, timeout=30)

    def turn(self) -> None:
        """Sweeps and promises until nothing moves: callbacks, reactions, messages, refunds."""
        for _ in range(6):
            clock.advance(at=timezone.now())
            for look in work.Registry.sweeps.values():
                look()
            moved = 0
            for name, kind in work.Registry.kinds.items():
                kind.model.objects.filter(work_state="pending", lease_until__isnull=True).update(
                    due_at=timezone.now() - timedelta(seconds=1)
                )
                moved += work.drain(name)
            if not moved:
                break

    def api(self, method: str, path: str, body: dict | None = None, *, token: str = "", key: str = "", **headers: str):
        """One call of the API: (status, answer)."""
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if key:
            headers["X-Stay-Key"] = key
        answer = self.http.request(method, f"/api/v1/{path}", json=body, headers=headers)
        return answer.status_code, answer.json() if answer.content else None

    def sign_in(self, email: str, password: str) -> str:
        status, answer = self.api("POST", "auth/login", {"email": email, "password": password})
        assert status == 200, answer
        return answer["access"]

    def pay_at_payu(self, url: str, fields: dict[str, str], *, outcome: str = "success", mode: str = "UPI") -> None:
        """What the guest's browser does: hand over, choose, come back."""
        page = self.http.post(url, data=fields)
        assert page.status_code == 302, re.sub(r"<[^>]+>|\s+", " ", page.text)
        where = page.headers["location"]
        chosen = self.http.post(where, data={"outcome": outcome, "mode": mode})
        assert chosen.status_code == 302, chosen.text[:300]
        back = self.http.get(f"{where}/return").text
        form = re.search(r'<form[^>]*action="([^"]+)"', back)
        if form is None:
            return  # the tab was closed: only the server tells
        names = re.findall(r'<input[^>]*name="([^"]*)"[^>]*value="([^"]*)"', back)
        answer = self.http.post(unescape(form[1]), data={unescape(n): unescape(v) for n, v in names})
        assert answer.status_code == 303, answer.text[:300]


@pytest.fixture
def town(live_server, settings, transactional_db):
    settings.SITE_URL = live_server.url
    settings.PAYU_PAYMENT_URL = f"{live_server.url}/sandbox/payu/_payment"
    settings.PAYU_COMMAND_URL = f"{live_server.url}/sandbox/payu/merchant/postservice.php?form=2"
    settings.PAYU_SIM_WEBHOOK_URL = f"{live_server.url}/api/v1/payments/webhook"
    settings.PAYU_SIM_REFUND_SECONDS = 0
    settings.PAYU_SIM_PENDING_SECONDS = 0
    settings.RATE_LIMIT_ANON = settings.RATE_LIMIT_TOKEN = "100000/min"
    return Town(live_server.url)
