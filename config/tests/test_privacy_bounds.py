"""The privacy desk over large tables: counted up to a limit, looked up by an index."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.domain.privacy import corrections, retention
from accounts.domain.privacy.who import person_of
from accounts.models import CorrectionRequest, User
from audit.changes import Shelf, Wish, _keys
from audit.events import tracked_models
from backoffice.views import privacy as desk_view
from config.tests.cast import _person
from config.tests.test_privacy_doors import desk_of
from core import personal_data
from notifications.models import Message
from notifications.privacy import messages_of
from payments.models import GatewayEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(db) -> User:
    return _person("Ada Admin", "admin", staff=True)


def test_the_desk_counts_up_to_a_limit_with_the_same_queries_whatever_waits(administrator, guest, monkeypatch):
    """I14: "2+" beyond the limit; three times the rows cost no query more."""
    monkeypatch.setattr(desk_view, "COUNTED", 2)
    monkeypatch.setattr(desk_view, "SHOWN", 2)
    client, long_ago = desk_of(administrator), timezone.now() - timedelta(days=4000)

    def wait(n: int) -> None:
        for _each in range(n):
            row = corrections.ask(guest, about="stay", wish="The dates are wrong.", at=timezone.now())
            CorrectionRequest.objects.filter(pk=row.pk).update(answered_at=long_ago)
            GatewayEvent.objects.create(
                key=str(row.pk), gateway="payu", payload={"a": 1}, work_state="done", created_at=long_ago
            )

    def look() -> tuple[int, str]:
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/admin/privacy/").content.decode()
        return len(queries), page

    wait(1)
    look()
    before, page = look()
    assert '<td data-label="Would go">1</td>' in page and "2+" not in page
    wait(3)
    after, page = look()
    assert after == before
    assert '<span class="bo-count">2+</span>' in page and page.count('<td data-label="Would go">2+</td>') == 2
    exact = {line.rule.code: line.found for line in retention.dry_run(at=timezone.now())}
    assert exact["gateway-notices"].words == "4" and exact["gateway-notices"].oldest == long_ago


def _plan(rows) -> str:
    """How the database would read these rows where the table is too large to be read from end to end."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
        return rows.explain()


def test_each_kind_that_is_kept_is_counted_by_an_index(db):
    """The purge and the desk find what is old without reading a table from end to end."""
    for rule in personal_data.rules().values():
        plan = _plan(rule.rows(timezone.now()).order_by(rule.column)[:1001])
        assert "Sort" not in plan and "Index Scan using" in plan and "pkey on" not in plan.split("->")[1], plan


def test_changes_of_one_object_and_by_one_person_come_in_order_from_an_index():
    for model, event in tracked_models().items():
        shelf = Shelf(model, event)
        label = model._meta.label_lower
        for wish, index in ((Wish(model=label, pk="1"), "_obj"), (Wish(actor=1), "_who")):
            plan = _plan(_keys(shelf, wish)[:41])
            assert f"{index} on" in plan and "Sort" not in plan, plan


def test_messages_of_a_person_are_found_by_an_index_whatever_the_letters(guest):
    to = guest.email.capitalize()
    mine = Message.objects.create(key="one", template="x", subject_of="person:0", recipient=to)
    Message.objects.create(key="two", template="x", subject_of="person:0", recipient=f"x{guest.email}")
    person = person_of(guest)
    assert person.email and list(messages_of(person)) == [mine]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        assert "message_to" in messages_of(person).explain()
