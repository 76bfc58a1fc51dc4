"""What need not be done again: a name, and a mark of everything it was made from."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from .layout import ROOT, State, write_private

SKIPPED = {"__pycache__", "tests"}
NOT_SOURCES = {"staticfiles", "media", "var"}


def read(state: State) -> dict[str, str]:
    try:
        known: dict[str, str] = json.loads((state.folder / "stamps.json").read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return known


def write(state: State, name: str, mark: str) -> None:
    write_private(state.folder / "stamps.json", json.dumps({**read(state), name: mark}, indent=1))


def mark(files: Iterable[Path], *words: str) -> str:
    """One mark of the content of `files` (under the project) and of `words`."""
    seen = hashlib.sha256("\0".join(words).encode())
    for path in sorted(set(files)):
        seen.update(f"\0{path.relative_to(ROOT)}\0".encode())
        seen.update(path.read_bytes())
    return seen.hexdigest()


def sources(*patterns: str) -> list[Path]:
    """Files of the product by glob patterns, without dot folders, tests and caches."""
    folders = [
        path for path in ROOT.iterdir() if path.is_dir() and path.name[0] != "." and path.name not in NOT_SOURCES
    ]
    return [
        path
        for folder in folders
        for pattern in patterns
        for path in folder.glob(pattern)
        if path.is_file() and not SKIPPED & set(path.relative_to(ROOT).parts)
    ]
