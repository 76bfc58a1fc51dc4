"""Reads the arrows of the house: imports by `ast`, relations of models. Nothing is executed."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings

ABOVE_ALL = "config"


@dataclass(frozen=True)
class Arrow:
    """`where` (file and line, or model and field) in app `origin` points to app `target`."""

    origin: str
    target: str
    where: str


def rank() -> dict[str, int]:
    """App -> layer; `config` stands above all."""
    found = {app: level for level, layer in enumerate(settings.LAYERS) for app in layer}
    return {**found, ABOVE_ALL: len(settings.LAYERS)}


def allowed(origin: str, target: str) -> bool:
    """Downwards, or inside one app. Siblings do not know each other, and nobody knows `config`."""
    levels = rank()
    return origin == target or levels[target] < levels[origin]


def upward(arrows: Iterable[Arrow]) -> list[Arrow]:
    return [arrow for arrow in arrows if not allowed(arrow.origin, arrow.target)]


def imports(root: Path, origin: str) -> Iterator[Arrow]:
    """All imports of our own apps in the modules of `origin`, wherever they stand. Tests may look everywhere."""
    known = rank()
    for path in sorted((root / origin).rglob("*.py")):
        if "tests" in path.relative_to(root).parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(), str(path))):
            for name in _names(node):
                target = name.split(".")[0]
                if target in known:
                    yield Arrow(origin, target, f"{path.relative_to(root)}:{node.lineno} imports {name}")


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
        return [node.module]
    call = isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
    if call and getattr(node.func, "attr", getattr(node.func, "id", "")) in ("import_module", "import_string"):
        return [str(node.args[0].value)]
    return []


def relations(models: Iterable[type] | None = None) -> Iterator[Arrow]:
    """Foreign keys and the like between models of our apps."""
    known = rank()
    for model in apps.get_models() if models is None else models:
        origin = model._meta.app_config.name.split(".")[0] if model._meta.app_config else model._meta.app_label
        for field in model._meta.get_fields(include_parents=False):
            if not field.is_relation or field.auto_created or not getattr(field, "related_model", None):
                continue
            target = field.related_model._meta.app_label
            if origin in known and target in known:
                yield Arrow(origin, target, f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}")
