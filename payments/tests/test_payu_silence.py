"""A gateway that hangs is asked once, not once for each row that waits."""

import httpx
import pytest

from payments.gateways.base import GatewayUnclear
from payments.gateways.payu import client as payu


@pytest.fixture
def hanging(monkeypatch):
    asked = []

    def stream(self, method, url, **more):
        asked.append(more["data"]["command"])
        raise httpx.ReadTimeout("silence")

    monkeypatch.setattr(payu, "_silent_until", {})
    monkeypatch.setattr(httpx.Client, "stream", stream)
    return asked


def test_after_a_timeout_the_same_command_is_left_out_for_a_while(hanging):
    """P15, Q9: fourteen refunds behind a gateway that hangs do not cost fourteen times thirty seconds."""
    client = payu.Client(url="http://payu.test/", key="k", salt="s")
    for _ in range(14):
        with pytest.raises(GatewayUnclear):
            client.call("cancel_refund_transaction", "1")
    with pytest.raises(GatewayUnclear):
        client.call("verify_payment", "t")
    assert hanging == ["cancel_refund_transaction", "verify_payment"]
    payu._silent_until.update(dict.fromkeys(payu._silent_until, 0.0))  # the rest is over
    with pytest.raises(GatewayUnclear):
        client.call("cancel_refund_transaction", "1")
    assert len(hanging) == 3
