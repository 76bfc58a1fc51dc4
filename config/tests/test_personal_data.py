"""No column that can hold something of a person is forgotten: each model is answered for, or is named here and why."""

from __future__ import annotations

from django.apps import apps
from django.db import models

from accounts.models import User
from accounts.privacy import SHOWN, living_with_the_account
from audit.forgetting import holds_words
from core.personal_data import Registry
from core.tracked import EventRow

CATALOGUE = "what the house offers; no guest stands in it"
NOBODY = {
    "admin.LogEntry": "Django's own log, which our back office does not write; History is ours",
    "auth.Group": "roles",
    "auth.Permission": "rights",
    "contenttypes.ContentType": "names of tables",
    "sessions.Session": "a guest's details while she books: goes with the account, and every hour once its day is over",
    "pghistory.Context": "not written: the trail stands in each event",
    "pghistory.MiddlewareEvents": "no table",
    "sites.Site": "our own address",
    "socialaccount.SocialApp": "our own key at a sign-in service",
    "socialaccount.SocialToken": "goes with its account",
    "programs.*": CATALOGUE,
    "rooms.*": CATALOGUE,
    "content.*": CATALOGUE,
}


def own_words(model: type[models.Model]) -> set[str]:
    return {field.name for field in model._meta.concrete_fields if holds_words(field) and not field.primary_key}


def claims() -> tuple[dict[str, set[str]], dict[str, str]]:
    personal: dict[str, set[str]] = {}
    harmless = dict(NOBODY)
    for one in Registry.upwards():
        personal |= {label: set(names.split()) for label, names in one.personal.items()}
        harmless |= one.harmless
    personal |= {model._meta.label: {"*"} for model, _column in living_with_the_account()}
    return personal, harmless


def forgotten() -> list[str]:
    personal, harmless = claims()
    found = []
    for model in apps.get_models(include_auto_created=True):
        label = model._meta.label
        covered = label in personal or label in harmless or f"{model._meta.app_label}.*" in harmless
        if issubclass(model, EventRow) or not model._meta.managed or covered or not own_words(model):
            continue
        found.append(f"{label}: {', '.join(sorted(own_words(model)))}")
    return found


def test_every_model_that_can_hold_something_of_a_person_is_answered_for():
    """L6, L8: put a new model into its app's privacy.py (personal, with export and erase), or give a reason there."""
    assert forgotten() == []


def test_a_model_that_nobody_answers_for_is_found(monkeypatch):
    """The guard can fail: without the bookings' word their tables are found."""
    rest = {name: one for name, one in Registry.contributors.items() if name != "bookings"}
    monkeypatch.setattr(Registry, "contributors", rest)
    assert any(line.startswith("bookings.StayBooking") for line in forgotten())


def test_what_is_claimed_is_there():
    """A renamed column does not leave its old name behind."""
    personal, _harmless = claims()
    for label, names in personal.items():
        known = {field.name for field in apps.get_model(label)._meta.concrete_fields}
        assert names <= known | {"*"}, label
    for one in Registry.upwards():
        for path in one.free_text:
            label, _, name = path.rpartition(".")
            assert apps.get_model(label)._meta.get_field(name)


def test_what_the_copy_shows_of_the_account_is_there():
    """L8: a renamed or replaced table does not fall out of the person's copy without a word."""
    living = {model._meta.label: {field.name for field in model._meta.fields} for model, _ in living_with_the_account()}
    for label, names in SHOWN.items():
        assert set(names) <= living.get(label, set()), label


def test_the_layers_speak_in_order():
    """Erasure goes from the top of the house downwards."""
    names = [one.name for one in Registry.downwards()]
    assert names.index("medical") < names.index("bookings") < names.index("payments") < names.index("accounts")
    assert Registry.contributors["accounts"].personal["accounts.User"] == "*" and User
