"""Questions and answers: right types, only what is asked, FHIR in and out. Pure."""

import pytest

from config.tests.cast import ANSWERS, QUESTIONS
from core.errors import Invalid
from medical.domain import questionnaires as q
from medical.domain.questionnaires import BadAnswers


def item(**more):
    return {"item": [{"linkId": "x", "text": "X", "type": "string", **more}]}


def test_follow_ups_are_asked_only_when_they_apply():
    with pytest.raises(BadAnswers) as refusal:
        q.clean(QUESTIONS, {**ANSWERS, "heart": True}, complete=True)
    assert list(refusal.value.problems) == ["heart-detail"]
    hidden = q.clean(QUESTIONS, {**ANSWERS, "heart": False, "heart-detail": "secret"}, complete=True)
    assert "heart-detail" not in hidden, "an answer to a hidden question is not kept"


def test_a_draft_may_have_gaps_but_no_nonsense():
    assert q.clean(QUESTIONS, {"height": "170.50"}, complete=False) == {"height": "170.5"}
    with pytest.raises(BadAnswers):
        q.clean(QUESTIONS, {"height": "tall"}, complete=False)


@pytest.mark.parametrize(
    ("kind", "bad"),
    [
        ("boolean", "maybe"),
        ("boolean", 1),
        ("integer", "1.5"),
        ("integer", True),
        ("integer", "1" * 30),
        ("decimal", "NaN"),
        ("decimal", "1e99"),
        ("decimal", "Infinity"),
        ("date", "31-12-2020"),
        ("date", "2021-02-30"),
        ("string", {"a": 1}),
        ("string", ["a"]),
        ("string", "x" * 5000),
        ("choice", "unknown"),
    ],
)
def test_wrong_types(kind, bad):
    """I12."""
    with pytest.raises(BadAnswers):
        q.clean(item(type=kind), {"x": bad}, complete=False)


def test_strange_questions_are_refused():
    with pytest.raises(BadAnswers):
        q.clean(QUESTIONS, {"is_staff": True}, complete=False)


def test_there_and_back_in_fhir():
    answers = q.clean(QUESTIONS, ANSWERS, complete=True)
    items = q.to_response(QUESTIONS, answers)
    assert items[0]["linkId"] == "personal" and items[0]["item"][0]["answer"] == [{"valueDate": "1984-05-21"}]
    assert q.clean(QUESTIONS, q.from_response(QUESTIONS, items), complete=True) == answers


@pytest.mark.parametrize("bad", ["x", {"linkId": 1}, [1], [{"linkId": None}], [{"linkId": "a", "answer": "b"}]])
def test_what_is_not_a_response(bad):
    with pytest.raises(Invalid):
        q.from_response(QUESTIONS, bad)


def test_deep_nesting_is_refused():
    deep = [{"linkId": "a"}]
    for _ in range(50):
        deep = [{"linkId": "a", "item": deep}]
    with pytest.raises(Invalid):
        q.from_response(QUESTIONS, deep)


def test_completion_counts_what_applies():
    assert q.completion(QUESTIONS, {}) == 0
    assert q.completion(QUESTIONS, {"birth-date": "1984-05-21"}) == 50
    assert q.completion(QUESTIONS, {"birth-date": "1984-05-21", "heart": True}) == 66
    assert q.completion(QUESTIONS, ANSWERS) == 100


def test_a_telephone_number_is_one():
    asked = item(extension=[{"url": q.FORMAT, "valueString": q.TELEPHONE}])
    for good in ("+91 99000 55501", "044 7700 900555, evenings only"):
        assert q.clean(asked, {"x": good}, complete=True) == {"x": good}
    with pytest.raises(BadAnswers) as refusal:
        q.clean(asked, {"x": "Nothing special"}, complete=False)
    assert "country code" in refusal.value.problems["x"]
    assert q.clean(item(), {"x": "Nothing special"}, complete=True) == {"x": "Nothing special"}
