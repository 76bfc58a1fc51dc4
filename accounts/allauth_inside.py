"""The two things of allauth for which it has no public name, in one place.

allauth keeps in the session by what means a person has shown who she is (`allauth.account.authentication` reads it) and
at which step a sign-in stands. Our own ways in, a code from a mail and a code of the app, must write the first and end
the second, or allauth's pages would ask again, or go on with somebody else's half sign-in. Both live in modules named
`internal`, which may move with any version: `accounts/tests/test_allauth_inside.py` says so, and nothing else in the
product reaches in there.
"""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.stagekit import clear_login

__all__ = ["clear_login", "record_authentication"]
