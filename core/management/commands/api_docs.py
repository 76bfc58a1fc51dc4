"""`manage.py api_docs`: writes docs/api/openapi.json and docs/api/collection.json from the code; `--check` compares."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer

from core.api.collection import collection
from core.api.introduction import GUIDE

HOUSE = {
    "url": "{house}",
    "description": "the house that you talk to",
    "variables": {"house": {"default": "http://127.0.0.1:8000", "description": "its address, without a slash"}},
}


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when a file is not up to date")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        place = Path(settings.BASE_DIR) / "docs" / "api"
        stale = []
        for name, text in written().items():
            path = place / name
            if path.exists() and path.read_text() == text:
                continue
            stale.append(name)
            if not check:
                place.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
        if check and stale:
            raise CommandError(f"docs/api is behind the code: {', '.join(stale)}. Run `manage.py api_docs`.")
        self.stdout.write(f"docs/api: {len(stale)} written" if stale else "docs/api is up to date")


def written() -> dict[str, str]:
    """The files as they should be. The sandbox's own addresses do not belong to the contract, nor that of one house."""
    schema = json.loads(OpenApiJsonRenderer().render(SchemaGenerator().get_schema(request=None, public=True)))
    schema["servers"] = [HOUSE]
    schema["externalDocs"]["url"] = GUIDE
    return {
        "openapi.json": json.dumps(schema, indent=1, ensure_ascii=False) + "\n",
        "collection.json": json.dumps(collection(schema), indent=1, ensure_ascii=False) + "\n",
    }
