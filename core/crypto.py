"""Encryption at rest: AES-256-GCM, key id in the envelope, ciphertext bound to its row.

Envelope: `v1.<key id>.<nonce>.<ciphertext>`, the last two in URL-safe base64. The associated data names the row
(`medical.medicalform.answers:<uuid>`), so a value copied to another row, column or patient does not open.
"""

from __future__ import annotations

import base64
import json
import secrets
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

VERSION = "v1"


class DecryptionError(Exception):
    """The value was changed, moved or sealed with a key we do not have. Fails closed; never shows raw bytes."""


def field_keys() -> dict[str, bytes]:
    """Key id -> 32 bytes, in the order of FIELD_KEYS; the first one encrypts, all of them decrypt."""
    keys: dict[str, bytes] = {}
    for entry in settings.FIELD_KEYS:
        key_id, _, encoded = entry.partition(":")
        raw = base64.b64decode(encoded)
        if not key_id or len(raw) != 32:
            raise ImproperlyConfigured("FIELD_KEYS: each entry is `id:base64 of 32 bytes`.")
        keys[key_id] = raw
    if not keys:
        raise ImproperlyConfigured("FIELD_KEYS is empty: medical answers cannot be stored.")
    return keys


def seal(value: Any, *, row: str) -> str:
    """JSON value -> envelope bound to `row`."""
    key_id, key = next(iter(field_keys().items()))
    nonce = secrets.token_bytes(12)
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    sealed = AESGCM(key).encrypt(nonce, plain, f"{VERSION}|{key_id}|{row}".encode())
    return ".".join([VERSION, key_id, _encode(nonce), _encode(sealed)])


def unseal(envelope: str, *, row: str) -> Any:
    """Envelope -> JSON value. Raises DecryptionError on anything but the untouched original in its own row."""
    try:
        version, key_id, nonce, sealed = envelope.split(".")
        if version != VERSION:
            raise DecryptionError("unknown envelope version")
        plain = AESGCM(field_keys()[key_id]).decrypt(
            _decode(nonce), _decode(sealed), f"{version}|{key_id}|{row}".encode()
        )
        return json.loads(plain)
    except (InvalidTag, KeyError, ValueError) as error:
        raise DecryptionError("this value cannot be opened") from error


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
