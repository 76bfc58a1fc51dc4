"""People and their keys, one noun a file."""

from accounts.models.codes import Challenge
from accounts.models.companions import Companion
from accounts.models.contacts import ContactChange
from accounts.models.devices import Device
from accounts.models.idempotency import IdempotencyKey
from accounts.models.knocks import Knock
from accounts.models.limits import Attempt
from accounts.models.people import User, UserManager
from accounts.models.privacy import (
    ConsentRecord,
    CorrectionRequest,
    ErasureRequest,
    ExportPack,
    LegalHold,
    RetentionRule,
    Tombstone,
)
from accounts.models.tokens import RefreshToken

__all__ = [
    "Attempt",
    "Challenge",
    "Companion",
    "ConsentRecord",
    "ContactChange",
    "CorrectionRequest",
    "Device",
    "ErasureRequest",
    "ExportPack",
    "IdempotencyKey",
    "Knock",
    "LegalHold",
    "RefreshToken",
    "RetentionRule",
    "Tombstone",
    "User",
    "UserManager",
]
