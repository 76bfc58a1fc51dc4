"""Finance: everything read-only, two deeds."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.domain import lifecycle
from core.actors import SYSTEM
from payments.domain import exceptions
from payments.models import Folio, FolioLine, GatewayEvent, MoneyException, Payment, Refund

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def failed(stays, gateway, drain) -> Refund:
    """A refund that needs a person."""
    stay = stays.paid()
    lifecycle.cancel(stay, by=SYSTEM, at=stays.at)
    refund = Refund.objects.get()
    Refund.objects.filter(pk=refund.pk).update(state="failed", work_state="dead")
    refund.refresh_from_db()
    return refund


def test_a_failed_refund_is_tried_again(desk_of, finance, front_desk, manager, failed, drain):
    url = f"/admin/payments/refund/{failed.pk}/retry/"
    for person in (front_desk, manager):
        assert desk_of(person).post(url).status_code == 403
    client = desk_of(finance)
    assert client.get(url).status_code == 200
    failed.refresh_from_db()
    assert failed.state == "failed"
    assert client.post(url).status_code == 302
    drain("refund")
    failed.refresh_from_db()
    assert failed.state == "done"
    assert client.post(url).status_code == 409
    assert url not in client.get(f"/admin/payments/refund/{failed.pk}/change/").content.decode()


def test_an_exception_is_closed_once(stays, desk_of, finance, reservations):
    stay = stays.paid()
    row = exceptions.open_one("mismatch", Payment.objects.get(folio=stay.folio), "₹1 too little", at=timezone.now())
    url = f"/admin/payments/moneyexception/{row.pk}/close/"
    assert desk_of(reservations).post(url).status_code == 403
    client = desk_of(finance)
    assert client.post(url).status_code == 302 and client.post(url).status_code == 409
    row.refresh_from_db()
    assert row.closed_by == "Fina Ance"


def test_money_is_never_typed(stays, desk_of, superuser, drain):
    """Z6: no add, change or delete of money by anybody."""
    stay = stays.paid()
    lifecycle.cancel(stay, by=SYSTEM, at=stays.at)
    exceptions.open_one("mismatch", Payment.objects.first(), "x", at=timezone.now())
    GatewayEvent.objects.create(key="k", gateway="payu", source="return", txnid="PW1", payload={"status": "success"})
    client = desk_of(superuser)
    for model in (Folio, Payment, Refund, MoneyException, GatewayEvent):
        name, row = model._meta.model_name, model.objects.first()
        before = model.objects.values().get(pk=row.pk)
        assert client.get(f"/admin/payments/{name}/").status_code == 200
        assert client.get(f"/admin/payments/{name}/{row.pk}/change/").status_code == 200
        assert (
            client.post(f"/admin/payments/{name}/{row.pk}/change/", {"amount": "1", "state": "done"}).status_code == 403
        )
        assert client.post(f"/admin/payments/{name}/{row.pk}/delete/", {"post": "yes"}).status_code == 403
        assert client.post(f"/admin/payments/{name}/add/", {}).status_code == 403
        client.post(
            f"/admin/payments/{name}/", {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        )
        assert model.objects.values().get(pk=row.pk) == before
    assert FolioLine.objects.exists()


def test_lists_lead_to_the_stay(stays, desk_of, finance):
    stay = stays.paid()
    for page in ("payment", "folio"):
        words = desk_of(finance).get(f"/admin/payments/{page}/").content.decode()
        assert f"/admin/bookings/staybooking/{stay.reference}/change/" in words
    client, payment = desk_of(finance), Payment.objects.get()
    for typed in (stay.reference, stay.reference.lower(), payment.txnid, payment.gateway_id):
        assert client.get("/admin/payments/payment/", {"q": typed}).context["cl"].result_count == 1, typed
    assert client.get("/admin/payments/folio/", {"q": stay.reference}).context["cl"].result_count == 1
    assert client.get("/admin/payments/payment/", {"q": "PW"}).context["cl"].result_count == 0
    assert "Open exceptions" in desk_of(finance).get("/admin/").content.decode()


def test_payments_and_refunds_are_listed_newest_first(stays, desk_of, finance, drain):
    """By time, not by number: a row that was written late may tell of something early."""
    late, early = stays.paid(), stays.paid(start=60)
    long_ago = stays.at - timedelta(days=9)
    for stay in (late, early):
        lifecycle.cancel(stay, by=SYSTEM, at=stays.at)
    Payment.objects.filter(folio=early.folio).update(created_at=long_ago)
    Refund.objects.filter(folio=early.folio).update(created_at=long_ago)
    for model in ("payment", "refund"):
        answer = desk_of(finance).get(f"/admin/payments/{model}/")
        assert [row.folio for row in answer.context["cl"].result_list] == [late.folio, early.folio]
        text = answer.content.decode()
        assert late.contact_name in text and late.reference in text and "₹50,000" in text
