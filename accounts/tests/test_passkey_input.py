"""I12: whatever stands in the place of a passkey is a wrong key, never a fault of ours."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from config.tests.cast import PASSWORD

NONSENSE = {
    "a number of 5,000 digits": "9" * 5000,
    "brackets in brackets": "[" * 50_000,
    "an object without what is in it": '{"id": 1}',
    "an answer without a key": '{"response": {"userHandle": "MQ"}}',
    "text": '"x"',
    "nothing": "null",
}


@pytest.mark.parametrize("credential", NONSENSE.values(), ids=NONSENSE)
def test_a_wrong_passkey_is_refused(db, credential):
    answer = Client().post("/sign-in/passkey", {"credential": credential})
    assert answer.status_code in (303, 400)


@pytest.mark.parametrize("credential", NONSENSE.values(), ids=NONSENSE)
def test_a_wrong_new_passkey_is_refused(client, guest, credential):
    User.objects.filter(pk=guest.pk).update(email_verified_at=timezone.now())
    client.post("/sign-in", {"login": guest.email, "email": guest.email, "password": PASSWORD})
    answer = client.post("/profile/security/passkeys/add", {"name": "key", "credential": credential})
    assert answer.status_code in (303, 400)
