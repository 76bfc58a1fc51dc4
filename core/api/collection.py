"""The API as a Postman collection (format 2.1; Bruno and Insomnia read it too), made from the schema."""

from __future__ import annotations

import json
import uuid
from typing import Any

from core.api.introduction import STAY_KEY, STAY_KEY_HEADER

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
NAMESPACE = uuid.UUID("6f9a1a52-6a34-4c0a-9a5a-9b1d0a8a7c11")
PUBLIC_SCHEME: list[Any] = [{}]
KEPT_HEADERS = {"Idempotency-Key": "{{$guid}}"}


def collection(schema: dict[str, Any]) -> dict[str, Any]:
    """Folders by tag, a request for each operation with its example. Variables: base, access, refresh, stay_key."""
    folders: dict[str, list[dict[str, Any]]] = {}
    for path, operations in sorted(schema["paths"].items()):
        for method, operation in operations.items():
            folders.setdefault(operation["tags"][0], []).append(_request(path, method, operation))
    return {
        "info": {
            "_postman_id": str(uuid.uuid5(NAMESPACE, schema["info"]["title"])),
            "name": schema["info"]["title"],
            "description": schema["info"]["description"],
            "schema": SCHEMA,
        },
        "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{access}}", "type": "string"}]},
        "variable": [
            {"key": "base", "value": "http://127.0.0.1:8000"},
            {"key": "access", "value": ""},
            {"key": "refresh", "value": ""},
            {"key": "stay_key", "value": ""},
        ],
        "item": [{"name": tag, "item": items} for tag, items in sorted(folders.items())],
    }


def _request(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    parameters = operation.get("parameters", [])
    stay_key = [{"key": STAY_KEY_HEADER, "value": "{{stay_key}}", "disabled": True}]
    headers = stay_key if {STAY_KEY: []} in operation.get("security", []) else []
    headers = headers + [
        {"key": one["name"], "value": KEPT_HEADERS[one["name"]], "disabled": False}
        for one in parameters
        if one["in"] == "header" and one["name"] in KEPT_HEADERS
    ]
    made: dict[str, Any] = {
        "method": method.upper(),
        "description": operation.get("description", ""),
        "header": headers,
        "url": _url(path, parameters),
    }
    if not any(operation.get("security", PUBLIC_SCHEME)):
        made["auth"] = {"type": "noauth"}
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if body is not None:
        made["header"] = [*headers, {"key": "Content-Type", "value": "application/json"}]
        text = json.dumps(body.get("example", {}), indent=2, ensure_ascii=False)
        made["body"] = {"mode": "raw", "raw": text, "options": {"raw": {"language": "json"}}}
    item: dict[str, Any] = {"name": operation["operationId"], "request": made, "response": []}
    if operation["operationId"] in KEEPS:
        item["event"] = [
            {"listen": "test", "script": {"type": "text/javascript", "exec": KEEPS[operation["operationId"]]}}
        ]
    return item


def _url(path: str, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    segments = [f":{part[1:-1]}" if part.startswith("{") else part for part in path.strip("/").split("/")]
    query = [
        {
            "key": one["name"],
            "value": "",
            "description": one.get("description", ""),
            "disabled": not one.get("required"),
        }
        for one in parameters
        if one["in"] == "query"
    ]
    found = [{"key": one["name"], "value": ""} for one in parameters if one["in"] == "path"]
    raw = "{{base}}/" + "/".join(segments)
    return {"raw": raw, "host": ["{{base}}"], "path": segments, "query": query, "variable": found}


TOKENS = [
    "const answer = pm.response.json();",
    "if (answer.access) { pm.collectionVariables.set('access', answer.access); }",
    "if (answer.refresh) { pm.collectionVariables.set('refresh', answer.refresh); }",
]
KEEPS = {  # what the next call needs is kept in a variable
    "auth_login": TOKENS,
    "auth_refresh": TOKENS,
    "auth_otp_verify": TOKENS,
    "bookings_create": [
        "const stay = pm.response.json();",
        "if (stay.access_key) { pm.collectionVariables.set('stay_key', stay.access_key); }",
    ],
}
