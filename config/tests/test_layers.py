"""Calls go down, news goes up (docs/adr/0001): no import and no relation points upwards or sideways."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import models
from django.test.utils import isolate_apps

from config.tests import layers

ROOT = Path(settings.BASE_DIR)
APPS = [app for layer in settings.LAYERS for app in layer]


@pytest.mark.parametrize("app", APPS)
def test_imports_point_down(app):
    wrong = layers.upward(layers.imports(ROOT, app))
    assert not wrong, "\n".join(arrow.where for arrow in wrong)


def test_relations_point_down():
    arrows = list(layers.relations())
    assert len(arrows) > 20, "the walk found next to nothing: it is blind"
    wrong = layers.upward(arrows)
    assert not wrong, "\n".join(arrow.where for arrow in wrong)


def test_every_app_is_in_a_layer_and_nothing_else_is():
    folders = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert folders == set(APPS)


PLANTED = {
    "upward": ("rooms", "from bookings.models import StayBooking"),
    "sideways": ("payments", "import notifications.domain.messages"),
    "hidden in a function": ("core", "def act():\n    from accounts.models import User"),
    "only for types": ("rooms", "if TYPE_CHECKING:\n    from medical.models import MedicalForm"),
    "by name": ("rooms", "import_module('medical.models')"),
    "the top": ("medical", "from config.urls import urlpatterns"),
}


@pytest.mark.parametrize("kind", PLANTED)
def test_the_walk_sees_a_planted_upward_import(tmp_path, kind):
    """The test that tests the test."""
    app, code = PLANTED[kind]
    (tmp_path / app / "domain").mkdir(parents=True)
    (tmp_path / app / "domain" / "innocent.py").write_text("import json\nfrom core.errors import Invalid\n" + code)
    wrong = layers.upward(layers.imports(tmp_path, app))
    assert len(wrong) == 1
    assert "innocent.py" in wrong[0].where


def test_the_walk_lets_downward_imports_pass(tmp_path):
    (tmp_path / "medical").mkdir()
    (tmp_path / "medical" / "fine.py").write_text("from bookings.models import StayBooking\nfrom medical import x\n")
    assert len(list(layers.imports(tmp_path, "medical"))) == 2
    assert not layers.upward(layers.imports(tmp_path, "medical"))


@isolate_apps("rooms")
def test_the_walk_sees_a_planted_upward_relation():
    class Planted(models.Model):
        booking = models.ForeignKey("bookings.StayBooking", on_delete=models.PROTECT)

        class Meta:
            app_label = "rooms"

        def __str__(self):
            return "planted"

    from bookings.models import StayBooking

    Planted._meta.get_field("booking").remote_field.model = StayBooking
    wrong = layers.upward(layers.relations([Planted]))
    assert [(arrow.origin, arrow.target) for arrow in wrong] == [("rooms", "bookings")]
