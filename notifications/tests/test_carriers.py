"""One contract for all carriers: what each of them does when the far side works, sleeps, breaks and refuses."""

import httpx
import pytest
from django.core.mail.backends import smtp

from notifications.channels import calls, email, push
from notifications.channels.base import Busy, Gone, Parcel, Refused, Unclear
from notifications.channels.push import Fcm
from notifications.channels.sms import Msg91
from notifications.channels.whatsapp import CloudApi
from notifications.tests.carriers import http_carrier, mail_carrier, service_account

SECRETS = ("key-canary", "token-canary", "+919876543210", "asha@pema.example", "493027", "device-canary")
PHONES = ["sms", "whatsapp", "push"]
ALL = ["email", *PHONES]


@pytest.fixture(params=ALL)
def kind(request):
    return request.param


@pytest.fixture
def far(kind, monkeypatch, settings):
    monkeypatch.setattr(calls, "TIMEOUT", httpx.Timeout(0.5))
    push._tokens.clear()
    with mail_carrier() if kind == "email" else http_carrier(kind) as side:
        if kind == "email":
            connect = lambda **_: smtp.EmailBackend("127.0.0.1", side.port, timeout=0.5)  # noqa: E731
            monkeypatch.setattr("django.core.mail.message.EmailMessage.get_connection", lambda *a, **k: connect())
        side.channel = {
            "email": lambda: email.Email(),
            "sms": lambda: Msg91(f"{side.url}/api/v5/flow", "key-canary", {"sign_in_code": "dlt-1"}),
            "whatsapp": lambda: CloudApi(f"{side.url}/v23.0", "1001", "token-canary"),
            "push": lambda: Fcm(side.url, service_account(f"{side.url}/token")),
        }[kind]()
        yield side


def parcel(kind):
    to = {"email": "asha@pema.example", "push": "device-canary"}.get(kind, "+919876543210")
    words = {"code": "493027", "minutes": "5"}
    return Parcel(to, "sign_in_code", "en", "Your code", "493027", "mark-1", words=words, html="<p>493027</p>")


def silent(raised):
    assert not [secret for secret in SECRETS if secret in str(raised.value)]
    assert raised.value.__cause__ is None and raised.value.__suppress_context__ or not raised.value.__context__


def test_what_is_handed_over_has_one_effect_and_the_carriers_own_id(kind, far):
    number = far.channel.send(parcel(kind))
    assert len(far.book.effects) == 1
    assert bool(number) == (kind != "email")  # a mail server gives none


@pytest.mark.parametrize(("fault", "effects"), [("before", 0), ("after", 1), ("500", 0)])
def test_no_sensible_answer_is_unclear_and_the_next_try_carries_the_same_mark(kind, far, fault, effects):
    """Q11: the effect may or may not have happened; nobody is told a secret."""
    far.book.faults = [fault]
    with pytest.raises(Unclear) as raised:
        far.channel.send(parcel(kind))
    silent(raised)
    assert len(far.book.effects) == effects
    far.channel.send(parcel(kind))
    assert len(far.book.effects) == effects + 1
    if kind in ("email", "push"):
        assert all("mark-1" in str(one) for one in far.book.effects)


def test_a_refusal_is_for_ever(kind, far):
    far.book.faults = ["refused"]
    with pytest.raises(Refused) as raised:
        far.channel.send(parcel(kind))
    silent(raised)
    assert far.book.effects == []


@pytest.mark.parametrize("kind", PHONES, indirect=True)
def test_a_busy_carrier_says_how_long_to_wait(kind, far):
    far.book.faults = ["busy"]
    with pytest.raises(Busy) as raised:
        far.channel.send(parcel(kind))
    assert raised.value.seconds == 7 and far.book.effects == []


@pytest.mark.parametrize("kind", PHONES, indirect=True)
def test_a_page_instead_of_an_answer_is_unclear(kind, far):
    far.book.faults = ["html"]
    with pytest.raises(Unclear):
        far.channel.send(parcel(kind))


@pytest.mark.parametrize("kind", ["whatsapp", "push"], indirect=True)
def test_nobody_there_any_more(kind, far):
    far.book.faults = ["gone"]
    with pytest.raises(Gone) as raised:
        far.channel.send(parcel(kind))
    silent(raised)


@pytest.mark.parametrize("kind", ["sms"], indirect=True)
def test_a_text_that_is_not_registered_is_never_sent(kind, far):
    unknown = Parcel("+919876543210", "offer", "en", "", "", "m")
    with pytest.raises(Refused):
        far.channel.send(unknown)
    assert far.book.calls == []


@pytest.mark.parametrize("kind", ["sms"], indirect=True)
def test_msg91_gets_the_id_of_the_registered_text_and_its_words(kind, far):
    far.channel.send(parcel(kind))
    (call,) = far.book.calls
    assert call.path == "/api/v5/flow" and call.headers["authkey"] == "key-canary"
    assert call.body["template_id"] == "dlt-1"
    assert call.body["recipients"] == [{"mobiles": "919876543210", "code": "493027", "minutes": "5"}]


@pytest.mark.parametrize("kind", ["whatsapp"], indirect=True)
def test_whatsapp_gets_a_template_with_its_words_in_order(kind, far):
    far.channel.send(parcel(kind))
    (call,) = far.book.calls
    assert call.path == "/v23.0/1001/messages" and call.headers["Authorization"] == "Bearer token-canary"
    assert [one["text"] for one in call.body["template"]["components"][0]["parameters"]] == ["493027", "5"]


@pytest.mark.parametrize("kind", ["push"], indirect=True)
def test_push_asks_for_one_token_and_uses_it_again(kind, far):
    for _ in range(2):
        far.channel.send(parcel(kind))
    assert [call.path for call in far.book.calls] == ["/v1/projects/pema/messages:send"] * 2
    assert {call.headers["Authorization"] for call in far.book.calls} == {"Bearer ya29.fake"}
