"""People and their keys, one noun a file."""

from accounts.models.codes import SignInCode
from accounts.models.idempotency import IdempotencyKey
from accounts.models.limits import Attempt
from accounts.models.people import User, UserManager
from accounts.models.tokens import RefreshToken

__all__ = ["Attempt", "IdempotencyKey", "RefreshToken", "SignInCode", "User", "UserManager"]
