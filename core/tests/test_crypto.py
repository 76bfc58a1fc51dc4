"""Sealed values open in their own row only."""

import base64
import secrets

import pytest

from core import crypto

ROW = "medical.medicalform.answers:1"


def test_seals_and_opens():
    value = {"pregnancy": "no", "note": "नमस्ते"}
    envelope = crypto.seal(value, row=ROW)
    assert envelope.startswith("v1.") and "pregnancy" not in envelope
    assert crypto.unseal(envelope, row=ROW) == value
    assert crypto.seal(value, row=ROW) != envelope, "a fresh nonce each time"


def test_moved_cut_or_changed_values_stay_shut():
    """L3: copied to another row, truncated, changed, unknown key."""
    envelope = crypto.seal("secret", row=ROW)
    version, key, nonce, sealed = envelope.split(".")
    flipped = sealed[:-2] + ("A" if sealed[-2] != "A" else "B") + sealed[-1]
    for bad, row in [
        (envelope, "medical.medicalform.answers:2"),
        (envelope[:-8], ROW),
        (".".join([version, key, nonce, flipped]), ROW),
        (".".join([version, "other", nonce, sealed]), ROW),
        (".".join(["v2", key, nonce, sealed]), ROW),
        ("plain text", ROW),
    ]:
        with pytest.raises(crypto.DecryptionError):
            crypto.unseal(bad, row=row)


def test_an_old_key_still_opens_and_the_new_one_seals(settings):
    """L4: rotation keeps old values readable; without the old key they fail closed."""
    old, new = (base64.b64encode(secrets.token_bytes(32)).decode() for _ in range(2))
    settings.FIELD_KEYS = [f"old:{old}"]
    envelope = crypto.seal("kept", row=ROW)
    settings.FIELD_KEYS = [f"new:{new}", f"old:{old}"]
    assert crypto.unseal(envelope, row=ROW) == "kept"
    assert crypto.seal("kept", row=ROW).split(".")[1] == "new"
    settings.FIELD_KEYS = [f"new:{new}"]
    with pytest.raises(crypto.DecryptionError):
        crypto.unseal(envelope, row=ROW)
