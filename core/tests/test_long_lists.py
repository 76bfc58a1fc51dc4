"""Lists over the API: counted up to a limit, far pages as near ones, the same rows as without tricks."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from core.api.pagination import LongList

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    User.objects.bulk_create(User(email=f"p{number:04}@example.com", password="!") for number in range(60))
    return User.objects.filter(email__endswith="@example.com").order_by("-email")


def emails(page):
    return [user.email for user in page]


def test_far_pages_hold_the_same_rows(people, monkeypatch):
    """D8: a far page is one query more selective, not another answer."""
    near = [emails(LongList(people, 7).page(number)) for number in range(1, 10)]
    monkeypatch.setattr(LongList, "far", 1)
    with CaptureQueriesContext(connection) as seen:
        far = [emails(LongList(people, 7).page(number)) for number in range(1, 10)]
    assert near == far
    assert sum("OFFSET 14" in query["sql"] and " IN (SELECT" in query["sql"] for query in seen) == 1


def test_nobody_counts_a_million(people, monkeypatch):
    monkeypatch.setattr(LongList, "cap", 21)
    pages = LongList(people, 7)
    assert (pages.count, pages.num_pages) == (21, 3)
    assert LongList([1, 2, 3], 2).count == 3
