"""A passkey as a browser would register it, for the tests that need somebody to have one."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

PRESENT_WITH_CREDENTIAL = 0x41  # flags of WebAuthn: user present, attested credential data included


def registration(name: str) -> dict[str, Any]:
    """The browser's answer to "make a passkey", with a key of its own and `name` as the credential's id."""
    handle = name.encode()
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    credential = AttestedCredentialData.create(Aaguid.NONE, handle, public)
    proof = AuthenticatorData.create(bytes(32), PRESENT_WITH_CREDENTIAL, 0, credential)
    asked = CollectedClientData.create("webauthn.create", b"challenge", "http://testserver")
    return {
        "id": websafe_encode(handle),
        "rawId": websafe_encode(handle),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(asked),
            "attestationObject": websafe_encode(AttestationObject.create("none", proof, {})),
        },
        "clientExtensionResults": {"credProps": {"rk": True}},
    }
