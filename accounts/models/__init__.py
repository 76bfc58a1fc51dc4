"""People and their keys, one noun a file."""

from accounts.models.codes import Challenge
from accounts.models.contacts import ContactChange
from accounts.models.idempotency import IdempotencyKey
from accounts.models.knocks import Knock
from accounts.models.limits import Attempt
from accounts.models.people import User, UserManager
from accounts.models.sessions import WebSession
from accounts.models.tokens import RefreshToken

__all__ = [
    "Attempt",
    "Challenge",
    "ContactChange",
    "IdempotencyKey",
    "Knock",
    "RefreshToken",
    "User",
    "UserManager",
    "WebSession",
]
