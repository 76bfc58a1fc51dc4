"""I2: no statement is put together from words of a request: held by reading the code, not by trying it."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOORS = ("api", "web", "views", "admin")
OUTSIDE = {"tests", "migrations", "demo", "bench"}  # no request reaches them
UNPACKED = {"filter", "exclude", "annotate", "aggregate", "order_by", "values", "values_list", "alias"}
# Doors in which names of look-ups are made by the house itself, never by the request.
OURS = {
    "notifications/webhooks/admin_log.py": "the property's reach as a fixed pair",
    "backoffice/views/changes.py": "the name of a column of the model",
    "core/admin.py": "the filter's own field",
    "medical/admin/reviews.py": "one of the fixed orders",
}


def sources() -> list[Path]:
    found = [one for one in ROOT.glob("*/**/*.py") if not OUTSIDE & set(one.relative_to(ROOT).parts)]
    return [one for one in found if (ROOT / one.relative_to(ROOT).parts[0] / "__init__.py").exists()]


def findings(tree: ast.AST, *, door: bool) -> list[str]:
    """Calls that a request could speak through: raw SQL made of pieces anywhere; unpacked look-ups at a door."""
    found = []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        name = node.func.attr
        first = node.args[0] if node.args else None
        pieces = isinstance(first, (ast.JoinedStr, ast.BinOp)) or (
            isinstance(first, ast.Call) and isinstance(first.func, ast.Attribute) and first.func.attr == "format"
        )
        if name in ("execute", "executemany", "RawSQL", "raw", "extra") and pieces:
            found.append(f"{node.lineno}: {name}() of pieces")
        if name == "extra" and any(word.arg in ("where", "select", "tables") for word in node.keywords):
            found.append(f"{node.lineno}: extra()")
        unpacked = any(isinstance(arg, ast.Starred) for arg in node.args) or any(w.arg is None for w in node.keywords)
        if door and name in UNPACKED and unpacked:
            found.append(f"{node.lineno}: {name}() unpacks")
    return found


def test_no_statement_is_made_of_pieces_of_a_request():
    """I2."""
    files, found = sources(), []
    assert len(files) > 300
    for one in files:
        name = str(one.relative_to(ROOT))
        door = any(part.removesuffix(".py") in DOORS for part in Path(name).parts)
        if name not in OURS:
            found += [f"{name}:{what}" for what in findings(ast.parse(one.read_text()), door=door)]
    assert found == []


def test_the_rule_sees_each_way():
    """I2: the control."""
    planted = [
        'cursor.execute(f"SELECT * FROM x WHERE a = {request.GET}")',
        'cursor.execute("SELECT " + name)',
        'cursor.execute("SELECT {}".format(name))',
        'rows.extra(where=["a = 1"])',
        "rows.filter(**request.GET.dict())",
        'rows.order_by(*request.GET.getlist("o"))',
    ]
    assert all(findings(ast.parse(line), door=True) for line in planted)
    assert findings(ast.parse('cursor.execute("SELECT 1", [name])'), door=True) == []
