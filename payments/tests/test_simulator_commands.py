"""The command endpoint, refunds, notices and scripted faults; asked through the adapter over real HTTP."""

import json
import time
from datetime import timedelta
from decimal import Decimal
from threading import Thread

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from django.utils import timezone

from core import work
from payments.gateways.base import ForgedCallback, GatewayRefused, GatewayUnclear
from payments.gateways.payu import client
from payments.simulator import checks, clock, commands, deliveries, faults, outcomes, refunds, tasks
from payments.simulator.models import Delivery, Fault, Refund, Transaction
from payments.tests.payu_forms import KEY, SALT, SALT_256
from payments.tests.payu_worlds import adapter, far_side

pytestmark = pytest.mark.urls("payments.tests.sandbox_urls")
over_http = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def account(settings, monkeypatch):
    monkeypatch.setattr(client, "_silent_until", {})
    monkeypatch.setattr(client, "REST", 0.0)  # a second try need not wait here
    settings.PAYU_MERCHANT_KEY, settings.PAYU_MERCHANT_SALT, settings.PAYU_SALT_256 = KEY, SALT, ""


@pytest.fixture
def payu(live_server):
    return adapter(f"{live_server.url}/sandbox/payu/merchant/postservice.php?form=2", read_seconds=0.6)


def paid(txnid="WR1", outcome="success") -> Transaction:
    texts = dict.fromkeys(("productinfo", "firstname", "phone"), "x")
    urls = dict.fromkeys(("surl", "furl"), "http://merchant.example/")
    opened = Transaction.objects.create(
        txnid=txnid, amount=Decimal("50000.00"), amount_text="50000.00", email="a@example.com", **texts, **urls
    )
    return outcomes.choose(opened, outcome=outcome, mode="CC", at=timezone.now())


def script(target, kind, **params):
    return faults.script({"target": target, "kind": kind, **params})


def ask(payu, payment, token="RF1", amount="100.00"):
    return payu.refund(gateway_id=payment.mihpayid, token=token, amount=Decimal(amount), remarks="test")


@over_http
def test_a_refund_runs_from_queued_to_done(payu, settings):
    settings.PAYU_SIM_REFUND_SECONDS = 600
    payment = paid()
    told = ask(payu, payment)
    status = lambda: payu.refund_status(gateway_id=payment.mihpayid, token="RF1", request_id=told.request_id).state  # noqa: E731
    assert (told.state, status()) == ("queued", "queued")
    clock.advance(at=timezone.now() + timedelta(seconds=301))
    assert status() == "in_progress"
    clock.advance(at=timezone.now() + timedelta(seconds=601))
    assert status() == "done"
    notice = json.loads(Delivery.objects.get(event="refund").body)
    assert (notice["token"], notice["status"], notice["action"]) == ("RF1", "success", "refund")
    assert "hash" not in notice


@over_http
def test_asking_moves_the_clock_even_without_a_worker(payu, settings):
    settings.PAYU_SIM_REFUND_SECONDS = 0
    payment = paid()
    ask(payu, payment)
    assert payu.refund_status(gateway_id=payment.mihpayid, token="RF1").state == "done"


@over_http
def test_a_scripted_refund_ends_as_failure_and_frees_the_money(payu, settings):
    """R7"""
    settings.PAYU_SIM_REFUND_SECONDS = 0
    payment = paid()
    script("refund", "fail")
    ask(payu, payment, amount="50000.00")
    assert payu.refund_status(gateway_id=payment.mihpayid, token="RF1").state == "failed"
    assert refunds.held(payment) == Decimal("50000.00")
    ask(payu, payment, token="RF2", amount="50000.00")
    assert payu.refund_status(gateway_id=payment.mihpayid, token="RF2").state == "done"
    assert refunds.held(payment) == 0


@over_http
def test_never_more_than_is_held(payu):
    """R5, R6: over the sum too."""
    payment = paid()
    ask(payu, payment, token="RF1", amount="30000.00")
    with pytest.raises(GatewayRefused) as refused:
        ask(payu, payment, token="RF2", amount="20000.01")
    assert refused.value.gateway_code == "105"
    ask(payu, payment, token="RF3", amount="20000.00")
    assert refunds.held(payment) == 0


@over_http
def test_parallel_refunds_never_exceed_the_payment():
    """R6: counted in the far side's own books."""
    payment = paid()

    def one(number):
        from django.db import connection

        try:
            amount = f"{30000 + number}.00"
            refunds.ask(payment.mihpayid, token=f"RF{number}", amount=amount, remarks="", at=timezone.now())
        except refunds.Refused:
            pass
        finally:
            connection.close()

    threads = [Thread(target=one, args=(number,)) for number in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert Refund.objects.count() == 1
    assert refunds.held(payment) >= 0


@over_http
@pytest.mark.parametrize(("when", "reached"), [("before", 0), ("after", 1)])
def test_a_refund_whose_answer_is_lost_is_paid_once(payu, when, reached):
    """R1, R2: unclear, then looked up, then sent again under the same token: one refund in the far side's books."""
    payment = paid()
    script("cancel_refund_transaction", "timeout", when=when, seconds=1)
    with pytest.raises(GatewayUnclear):
        ask(payu, payment)
    time.sleep(0.7)
    state = payu.refund_status(gateway_id=payment.mihpayid, token="RF1").state
    assert (Refund.objects.count(), state) == (reached, "queued" if reached else "not_found")
    ask(payu, payment)
    assert Refund.objects.count() == 1


@over_http
@pytest.mark.parametrize("kind", ["http_500", "html", "bad_json"])
def test_scripted_sickness_and_recovery(payu, kind):
    """P15"""
    paid()
    script("verify_payment", kind, times=2)
    for _ in range(2):
        with pytest.raises(GatewayUnclear):
            payu.verify("WR1")
    assert payu.verify("WR1").outcome == "captured"


@over_http
def test_scripted_lies_about_a_payment(payu):
    """P8"""
    paid()
    script("verify_payment", "wrong_amount", amount="5.00")
    script("verify_payment", "wrong_status", status="pending", unmappedstatus="in progress")
    told = payu.verify("WR1")
    assert (told.outcome, told.amount) == ("pending", Decimal("5.00"))
    assert payu.verify("WR1").outcome == "captured"


@over_http
def test_a_scripted_refusal(payu):
    payment = paid()
    script("cancel_refund_transaction", "refused", code=214)
    with pytest.raises(GatewayRefused) as refused:
        ask(payu, payment)
    assert not refused.value.permanent
    assert ask(payu, payment).state == "queued"


@over_http
def test_wrong_credentials(payu, live_server):
    """P22"""
    for wrong in ({"salt": "wrong"}, {"key": "wrong"}):
        stranger = adapter(payu.command_url, **wrong)
        with pytest.raises(GatewayRefused) as refused:
            stranger.verify("WR1")
        assert refused.value.permanent


@over_http
def test_a_surcharge_in_verification(payu):
    """P18"""
    script("payment", "surcharge", amount="12.00")
    paid()
    told = payu.verify("WR1")
    assert (told.outcome, told.amount) == ("captured", Decimal("50000.00"))
    assert told.masked["net_amount_debit"] == "50012.00"


@pytest.mark.django_db
def test_the_other_commands(client):
    payment = paid()
    refunds.ask(payment.mihpayid, token="RF1", amount="100.00", remarks="", at=timezone.now())
    clock.settle_refund(Refund.objects.get(), success=True, at=timezone.now())

    def command(name, var1):
        from payments.gateways.payu.hashes import command_hash

        form = {"key": KEY, "command": name, "var1": var1, "hash": command_hash(name, var1, key=KEY, salt=SALT)}
        return client.post(reverse("payusim:postservice") + "?form=2", form).json()

    assert command("check_payment", payment.mihpayid)["transaction_details"]["txnid"] == "WR1"
    assert command("check_payment", "1")["status"] == 0
    day = timezone.localdate().isoformat()
    rows = command("get_settlement_details", day)["Txn_details"]
    assert [(row["requestaction"], row["mer_net_amount"]) for row in rows] == [
        ("capture", "50000.00"),
        ("refund", "-100.00"),
    ]
    assert command("get_settlement_details", "soon")["status"] == 0
    assert command("print_money", "1") == {"status": 0, "msg": "Invalid command"}


@pytest.mark.django_db
def test_several_txnids_are_verified_at_once():
    paid("WR1")
    from payments.gateways.payu import hashes

    var1 = "WR1|WR2"
    with pytest.raises(hashes.Unhashable):
        hashes.command_hash("verify_payment", var1, key=KEY, salt=SALT)
    answer = commands.verify_payment({"var1": var1}, timezone.now())
    assert answer["status"] == 1
    assert answer["transaction_details"]["WR2"]["status"] == "Not Found"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "form", [{}, {"key": KEY}, {"key": KEY, "command": "verify_payment", "var1": "\x00"}, {"hash": "é"}]
)
def test_junk_commands(client, form):
    answer = client.post(reverse("payusim:postservice") + "?form=2", form)
    assert (answer.status_code, answer.json()["status"]) == (200, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("0", 105),
        ("-1", 105),
        ("NaN", 105),
        ("Infinity", 105),
        ("1e30", 105),
        ("0.001", 105),
        ("", 105),
        ("₹1", 105),
        ("1" * 5000, 105),
    ],
)
def test_nonsense_refund_amounts(amount, code):
    """P19"""
    with pytest.raises(refunds.Refused) as refused:
        refunds.ask(paid().mihpayid, token="RF1", amount=amount, remarks="", at=timezone.now())
    assert refused.value.code == code
    assert not Refund.objects.exists()


# --- notices to the merchant ------------------------------------------------------------------------------------------


def drain() -> None:
    work.drain("payusim.delivery", at=timezone.now() + timedelta(hours=3))


@over_http
@pytest.mark.parametrize("salt_256", ["", SALT_256])
def test_a_notice_is_a_signed_form_over_http(settings, salt_256):
    """P9, P21: newest salt first."""
    settings.PAYU_SALT_256 = salt_256
    heard = []
    with far_side(lambda form: (heard.append(form), (200, b"ok"))[1]) as url:
        settings.PAYU_SIM_WEBHOOK_URL = url
        payment = paid()
        tasks.tick()
    callback = adapter("http://gateway.invalid", salt=salt_256 or SALT).read_callback(heard[0])
    assert (callback.txnid, callback.claimed, callback.gateway_id) == ("WR1", "captured", payment.mihpayid)
    delivery = Delivery.objects.get()
    assert (delivery.work_state, delivery.answer_status) == ("done", 200)


@over_http
def test_a_merchant_that_is_down_is_called_again(settings):
    """P16"""
    answers = [(500, b""), (503, b""), (200, b"")]
    with far_side(lambda form: answers.pop(0)) as url:
        settings.PAYU_SIM_WEBHOOK_URL = url
        paid()
        for _ in range(3):
            Delivery.objects.update(due_at=timezone.now())
            drain()
    delivery = Delivery.objects.get()
    assert (delivery.work_state, delivery.attempts, answers) == ("done", 3, [])


@over_http
def test_scripted_notices(settings):
    """P1, P2: three times, late, lost, tampered."""
    heard = []
    with far_side(lambda form: (heard.append(form), (200, b""))[1]) as url:
        settings.PAYU_SIM_WEBHOOK_URL = url
        script("delivery", "lose")
        paid("WRLOST")
        assert not Delivery.objects.exists()
        script("delivery", "duplicate", copies=4)
        paid("WRFOUR")
        script("delivery", "delay", seconds=3600)
        paid("WRLATE")
        work.drain("payusim.delivery")
        assert [form["txnid"] for form in heard] == ["WRFOUR"] * 4
        script("delivery", "tamper")
        paid("WRBENT")
        drain()
    assert {form["txnid"] for form in heard} == {"WRFOUR", "WRLATE", "WRBENT"}
    bent = next(form for form in heard if form["txnid"] == "WRBENT")
    with pytest.raises(ForgedCallback):
        adapter("http://gateway.invalid").read_callback(bent)


# --- scripting, start-up ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_faults_are_scripted_listed_and_cleared(client):
    url = reverse("payusim:faults")
    one = {"target": "verify_payment", "kind": "http_500", "times": 2}
    assert client.post(url, json.dumps([one]), content_type="application/json").status_code == 201
    assert client.get(url).json() == {"faults": [one]}
    assert client.delete(url).json() == {"faults": []}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body",
    [
        "",
        "[",
        "7",
        "{}",
        '{"target": "verify_payment", "kind": "explode"}',
        '{"target": "command", "kind": "html"}',
        '{"target": ["x"], "kind": {}}',
        '{"target": "verify_payment", "kind": "html", "times": 0}',
        '{"target": "verify_payment", "kind": "timeout", "seconds": 1e9}',
        '{"target": "verify_payment", "kind": "timeout", "seconds": "x"}',
    ],
)
def test_faults_that_nobody_knows(client, body):
    answer = client.post(reverse("payusim:faults"), body, content_type="application/json")
    assert answer.status_code == 400
    assert not Fault.objects.exists()


@pytest.mark.django_db
def test_faults_are_not_scripted_by_a_form_of_another_site(client):
    answer = client.post(reverse("payusim:faults"), {"target": "verify_payment", "kind": "html"})
    assert answer.status_code == 400
    assert not Fault.objects.exists()


def test_every_command_can_be_hurt():
    assert set(faults.COMMANDS) == set(commands.COMMANDS)


def test_it_does_not_start_in_production(settings):
    """P22"""
    assert checks.no_sandbox_in_production(None) == []
    settings.PEMA_ENV = "production"
    assert [error.id for error in checks.no_sandbox_in_production(None)] == ["pema.E010"]
    with pytest.raises(ImproperlyConfigured, match="pema.E010"):
        apps.get_app_config("payusim").ready()


def test_it_shares_no_code_with_the_adapter():
    """A mistake in the adapter must not be repeated on the far side."""
    from pathlib import Path

    sources = Path(deliveries.__file__).parent.rglob("*.py")
    assert not [path.name for path in sources if "payments.gateways" in path.read_text().split('"""', 2)[-1]]


@pytest.mark.django_db
def test_its_books_point_at_nobody_elses_tables():
    for model in apps.get_app_config("payusim").get_models():
        related = [field.related_model._meta.app_label for field in model._meta.get_fields() if field.related_model]
        assert set(related) <= {"payusim"}
