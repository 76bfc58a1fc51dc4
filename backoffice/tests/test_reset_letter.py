"""The letter with the link for a new password."""

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.domain import knocks, passwords
from accounts.models import Knock
from notifications.models import Message


def test_the_letter_is_promised_in_the_transaction_of_the_asking(guest, retreat):
    """R1: a process that dies after its commit has promised the letter, one that dies before has forgotten nothing."""
    link = Message.objects.filter(template="password_reset")
    passwords.forgot(guest.email, address="1.1.1.1", at=timezone.now())
    knock = Knock.objects.get()
    with pytest.raises(RuntimeError), transaction.atomic():
        knocks.keep(knock)
        assert link.count() == 1, "written with the knock, not after it"
        raise RuntimeError
    assert not link.exists()
    assert Knock.objects.get().target == guest.email, "whoever comes next keeps it"
    knocks.keep(knock)
    assert (link.count(), Knock.objects.get().target) == (1, "")
