"""Fixtures of this app's tests."""

import pytest

from accounts.tests.post import Post


@pytest.fixture
def post(db):
    """Everything that is promised from now on."""
    box = Post()
    taken = box.open()
    for signal, take in taken.items():
        signal.connect(take, weak=False)
    yield box
    for signal, take in taken.items():
        signal.disconnect(take)
