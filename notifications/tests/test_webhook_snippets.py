"""The verification code in the guide is run as it stands there, against what we really send."""

import json
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from core import outside, work
from notifications.tests.receivers import FarSide, listener
from notifications.webhooks import events, signing
from notifications.webhooks.catalogue import DATA_KEYS

GUIDE = Path(settings.BASE_DIR) / "docs" / "integrators.md"
BODY = b'{"id":"evt_1","type":"ping"}'


def snippet(language: str) -> str:
    found = re.search(rf"<!-- verify: {language} -->\n```{language}\n(.*?)```", GUIDE.read_text(), re.S)
    assert found, f"no {language} in the guide"
    return found.group(1)


@pytest.fixture
def delivered(db, now, monkeypatch):
    """A real delivery: secret, body, header."""
    side = FarSide()
    monkeypatch.setattr(outside, "call", side.call)
    _, secret = listener(now)
    data = {**dict.fromkeys(DATA_KEYS[1:]), "program": {"slug": "detox", "name": "Entgiftung für Zwölf – ₹"}}
    with transaction.atomic():
        events.announce("booking.held", key="k", subject="booking:PW-1", data=data, at=now)
    work.drain("webhook")
    _, body, headers = side.calls[0]
    return secret, body, headers["Webhook-Signature"]


def cases(secret: str, body: bytes, header: str) -> list[tuple[str, bytes, str, float, bool]]:
    now = time.time()
    stamp = header.partition(",")[0]
    return [
        (secret, body, header, now, True),
        (secret, body, f"{stamp},v1={'0' * 64},{header.partition(',')[2]}", now, True),
        (secret, body + b" ", header, now, False),
        (secret + "x", body, header, now, False),
        (secret, body, header, now + 301, False),
        (secret, body, header, now - 310, False),
        (secret, body, stamp, now, False),
        (secret, body, "", now, False),
        (secret, body, "t=abc,v1=zz", now, False),
        (secret, body, f"{stamp},v1=short", now, False),
    ]


def test_python_of_the_guide(delivered):
    room: dict = {}
    exec(compile(snippet("python"), "guide", "exec"), room)
    for secret, body, header, now, wanted in cases(*delivered):
        assert room["genuine"](secret, body, header, now) is wanted, header


def test_javascript_of_the_guide(delivered, tmp_path):
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no node on this machine")
    rows = [[one[0], one[1].hex(), one[2], one[3]] for one in cases(*delivered)]
    script = tmp_path / "check.js"
    script.write_text(
        f"{snippet('javascript')}\nconst rows = {json.dumps(rows)};\n"
        "console.log(JSON.stringify(rows.map(([s, b, h, n]) => genuine(s, Buffer.from(b, 'hex'), h, n))));\n"
    )
    ran = subprocess.run([node, str(script)], capture_output=True, text=True, timeout=20)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == [one[4] for one in cases(*delivered)]


def test_the_vector_of_the_guide():
    written = re.search(r"`v1=([0-9a-f]{64})`", GUIDE.read_text())
    assert written and written.group(1) == signing.signature("whsec_test_vector", BODY, at=1767225600)
