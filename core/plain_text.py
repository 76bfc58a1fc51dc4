"""Words without case and accents, and words that are nearly right: `pema_plain` and trigrams of PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import F, FloatField, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat, Greatest

NEAR = 0.45  # share of the letters' groups of three that a mistyped word has in common with the one that was meant
MOST_WORDS = 8

MAKE_PLAIN = """
CREATE OR REPLACE FUNCTION pema_plain(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT lower(public.unaccent('public.unaccent', $1)) $$
"""


class Plain(Func):
    """Lower case without accents: "Détox" and "detox" are the same word. Immutable, so an index can hold it."""

    function = "pema_plain"
    arity = 1
    output_field = TextField()


def said(*fields: str) -> Plain:
    """All that a row says, plain, in one text; the same expression in an index and in a query."""
    parts: list[Any] = [F(fields[0])]
    for field in fields[1:]:
        parts += [Value(" "), F(field)]
    return Plain(Concat(*parts, output_field=TextField()))


def matching(rows: QuerySet[Any], words: Iterable[str], *fields: str, name: str = "name") -> QuerySet[Any]:
    """The rows that say all of `words`, as they stand or nearly so; `near` tells how close the name itself comes.

    The limit of nearness for `%>` is the connection's `pg_trgm.word_similarity_threshold`, set to `NEAR` in settings.
    """
    found = rows.alias(said=said(*fields))
    near: list[Any] = []
    for word in [word for word in words if word][:MOST_WORDS]:
        sought = Plain(Value(word))
        found = found.filter(Q(said__contains=sought) | Q(said__trigram_word_similar=sought))
        near.append(TrigramWordSimilarity(sought, Plain(F(name))))  # type: ignore[arg-type]
    if not near:
        near = [Value(0.0, output_field=FloatField())]
    ranked: QuerySet[Any] = found.annotate(near=Greatest(*near) if len(near) > 1 else near[0])
    return ranked
