"""How long things are kept: a table that staff read and change, a dry run, and a nightly purge that is written down.

The kinds of data and how each is taken away come from the apps (core.personal_data); days and reasons from the table.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts.domain.privacy import news
from accounts.models import RetentionRule
from core import personal_data
from core.actors import SYSTEM, Actor
from core.errors import Invalid, Missing
from core.personal_data import Found

MOST_DAYS = 36500
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Line:
    """A rule and what it would take away now."""

    rule: RetentionRule
    found: Found
    before: datetime


def rules() -> list[RetentionRule]:
    """The whole table; a kind that nobody has decided on is the house's proposal, not stored yet."""
    known = {row.code: row for row in RetentionRule.objects.all()}
    return [known.get(code) or _proposed(code) for code in sorted(personal_data.rules())]


def stored(code: str) -> RetentionRule:
    """The row of this kind; the house's proposal becomes one now."""
    RetentionRule.objects.bulk_create([_proposed(code)], ignore_conflicts=True)
    return RetentionRule.objects.get(code=code)


def change(code: str, *, days: int, basis: str, active: bool, by: Actor, at: datetime) -> RetentionRule:
    """Keep this kind for `days` days from now on, for the reason `basis`; not `active`: it is not taken away at all.

    The change and its row in the history are one transaction; of two at once each is written down as what it replaced.
    Raises Missing("no_such_rule"), Invalid("bad_days") below one day or above a hundred years.
    """
    if code not in personal_data.rules():
        raise Missing("no_such_rule", "There is no such kind of data.")
    if not 1 <= days <= MOST_DAYS:
        raise Invalid("bad_days", "Between one day and a hundred years, please.", attr="days")
    with transaction.atomic():
        row = RetentionRule.objects.select_for_update().get(pk=stored(code).pk)
        before = {"days": row.days, "active": row.active}
        row.days, row.basis, row.active = days, basis, active
        row.save(update_fields=["days", "basis", "active"])
        after = {"days": days, "active": active}
        news.tell("rule changed", None, by=by, at=at, subject=f"retention:{code}", before=before, after=after)
    return row


def days(code: str) -> int:
    """Days that this kind is kept: the table's word, else the house's proposal."""
    row = RetentionRule.objects.filter(code=code).first()
    return row.days if row else personal_data.rules()[code].days


def dry_run(*, at: datetime, most: int | None = None) -> list[Line]:
    """Count, change nothing: one query for each rule. `most` stops the counting of a kind there."""
    offered = personal_data.rules()
    return [Line(row, offered[row.code].look(_before(row, at), most=most), _before(row, at)) for row in rules()]


def apply(*, at: datetime) -> dict[str, int]:
    """Take away what is older than its rule allows. A rule that fails stops no other; each purge is logged."""
    done: dict[str, int] = {}
    offered = personal_data.rules()
    for rule in rules():
        row = rule if rule.pk else stored(rule.code)
        if not row.active:
            continue
        try:
            count = offered[row.code].purge(_before(row, at))
        except Exception:
            log.exception("the retention rule %s failed", row.code)
            continue
        done[row.code] = count
        RetentionRule.objects.filter(pk=row.pk).update(last_run_at=at, last_count=count)
        if count:
            news.tell("purged", None, by=SYSTEM, at=at, subject=f"retention:{row.code}", count=count, days=row.days)
    return done


def _proposed(code: str) -> RetentionRule:
    offered = personal_data.rules()[code]
    return RetentionRule(code=code, title=offered.title, days=offered.days, basis=offered.basis)


def _before(row: RetentionRule, at: datetime) -> datetime:
    return at - timedelta(days=row.days)
