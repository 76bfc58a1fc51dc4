"""The pages of the API's reference are for reading: another method is refused, not broken."""

import pytest


@pytest.mark.parametrize("page", ["/docs", "/redoc"])
@pytest.mark.django_db
def test_other_methods_are_refused(client, page):
    """I12: a wrong method is 405, never 500."""
    assert client.get(page).status_code == 200
    assert client.post(page).status_code == 405
