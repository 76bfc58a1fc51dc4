"""Secrets of one state folder: random, made once, readable by their owner only, never in the repository."""

import base64
import json
import secrets

from .layout import State, write_private


def load(state: State) -> dict[str, str]:
    """The secrets of `state`; missing ones are made and kept."""
    path = state.folder / "secrets.json"
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    fresh = {
        "identity": secrets.token_hex(8),
        "database_password": secrets.token_hex(24),
        "database_admin_password": secrets.token_hex(24),
        "valkey_password": secrets.token_hex(24),
        "secret_key": secrets.token_urlsafe(64),
        "field_keys": "k1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "jwt_signing_key": secrets.token_urlsafe(48),
        "payu_merchant_key": secrets.token_hex(3),
        "payu_merchant_salt": secrets.token_urlsafe(24),
        "payu_salt_256": secrets.token_urlsafe(24),
    }
    if fresh.keys() - known.keys():
        known = fresh | known
        write_private(path, json.dumps(known, indent=1))
    return known
