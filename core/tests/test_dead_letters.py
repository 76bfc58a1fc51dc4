"""Dead letters are counted and listed by an index of their own, however many promises were kept."""

import pytest
from django.db import connection
from django.db.models import Q

from core.work import Registry, WorkState


@pytest.mark.django_db
@pytest.mark.parametrize("kind", sorted(Registry.kinds))
def test_dead_letters_are_found_by_an_index(kind):
    """D8: neither the health page nor the operations page reads a whole table."""
    rows = Registry.kinds[kind].model._default_manager
    dead = rows.filter(work_state=WorkState.DEAD)
    for question in (
        dead,
        dead.order_by("-id")[:20],
        rows.filter(Q(work_state=WorkState.PENDING) | Q(work_state=WorkState.DEAD)).order_by(),
    ):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        plan = question.explain()
        assert "_dead" in plan and "Seq Scan" not in plan, plan
