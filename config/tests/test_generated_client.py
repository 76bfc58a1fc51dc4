"""A client generated from the schema, untouched, lives a guest's whole life: books, pays, fills the form, cancels."""

import datetime
import importlib
import json
import pkgutil
import subprocess
import sys
from uuid import uuid4

import pytest
from django.core.management import call_command

from config.tests.cast import ANSWERS, PASSWORD
from payments.simulator.models import Refund as PaidBack

pytestmark = pytest.mark.django_db(transaction=True)
PACKAGE = "pema_client_of_the_schema"


@pytest.fixture(scope="module")
def generated(tmp_path_factory, django_db_blocker):
    """The package that openapi-python-client writes; a warning of the generator is a defect of the schema."""
    place = tmp_path_factory.mktemp("client")
    schema, settings = place / "openapi.json", place / "config.json"
    settings.write_text(json.dumps({"package_name_override": PACKAGE, "post_hooks": []}))
    with django_db_blocker.unblock():
        call_command("spectacular", "--format", "openapi-json", "--file", str(schema))
    command = [sys.executable, "-c", "from openapi_python_client.cli import app; app()", "generate", "--path"]
    made = subprocess.run(
        [*command, str(schema), "--config", str(settings), "--output-path", str(place / "out"), "--fail-on-warning"],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    sys.path.insert(0, str(place / "out"))
    yield importlib.import_module(PACKAGE)
    sys.path.remove(str(place / "out"))
    for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
        del sys.modules[name]


class Calls:
    """`calls.bookings_create(body=…)`: any operation by its id; the answer has to be the parsed success."""

    def __init__(self, package, client) -> None:
        self.package, self.client = package, client
        self.operations = {
            info.name.rpartition(".")[2]: info.name
            for info in pkgutil.walk_packages(package.__path__, f"{PACKAGE}.")
            if info.name.startswith(f"{PACKAGE}.api.") and not info.ispkg
        }

    def __getattr__(self, operation):
        module = importlib.import_module(self.operations[operation])

        def call(*args, status=200, **kwargs):
            answer = module.sync_detailed(*args, client=self.client, **kwargs)
            assert answer.status_code == status, answer.content
            return answer.parsed

        return call


def test_every_operation_can_be_called(generated):
    calls = Calls(generated, None)
    assert len(calls.operations) > 50
    for operation in calls.operations:
        assert callable(getattr(calls, operation))


def test_books_pays_fills_the_form_and_cancels(generated, town, retreat, doctor, guest, today):
    models = importlib.import_module(f"{PACKAGE}.models")
    anonymous = Calls(generated, generated.Client(base_url=town.base))
    tokens = anonymous.auth_login(body=models.LoginRequest(email=guest.email, password=PASSWORD))
    calls = Calls(generated, generated.AuthenticatedClient(base_url=town.base, token=tokens.access))

    assert [program.slug for program in anonymous.programs_list().results][:1] == ["detox"]
    arrival = today + datetime.timedelta(days=5)
    estimate = calls.bookings_estimate(
        body=models.EstimateRequest(
            program="detox",
            check_in_date=arrival,
            check_out_date=arrival + datetime.timedelta(days=5),
            rooms=[models.RoomRequest(room_type="standard", adults=1)],
        )
    )
    assert estimate.total == "235000.00"
    wanted = models.BookingRequest(quote=estimate.quote)
    key = str(uuid4())
    stay = calls.bookings_create(body=wanted, idempotency_key=key, status=201)
    assert calls.bookings_create(body=wanted, idempotency_key=key, status=201).reference == stay.reference

    start = calls.payments_initiate(
        body=models.InitiateRequest(booking=stay.reference, gateway=models.GatewayEnum("payu")),
        idempotency_key=str(uuid4()),
        status=201,
    )
    town.pay_at_payu(start.url, start.fields.to_dict())
    town.turn()
    assert calls.bookings_retrieve(stay.reference).paid == "50000.00"

    (form,) = calls.bookings_medical_forms(stay.reference).results
    answers = models.DraftRequestAnswers.from_dict(ANSWERS)
    assert calls.medical_forms_update(form.id, body=models.DraftRequest(answers=answers)).completion == 100
    agreed = models.SubmitRequest(consent=models.ConsentRequest(agreed=True))
    assert calls.medical_forms_submit(form.id, body=agreed).status == "submitted"

    shown = calls.bookings_cancellation_quote(stay.reference)
    done = calls.bookings_cancel(
        stay.reference, body=models.PatchedCancelRequest(reason="ill"), idempotency_key=str(uuid4())
    )
    town.turn()
    assert calls.bookings_retrieve(stay.reference).status == "cancelled"
    assert shown.refund_amount == done.refund_amount == "25000.00"
    assert PaidBack.objects.get().amount == 25000
