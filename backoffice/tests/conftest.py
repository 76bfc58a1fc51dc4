"""Staff at their desks: one signed-in client each."""

import time

import pytest
from django.test import Client

from accounts.models import User
from config.tests.cast import PASSWORD, _person


@pytest.fixture
def desk_of():
    """A client signed in as this person, a moment ago: pages that ask again after ten minutes do not ask."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        session = client.session
        session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()
        return client

    return sign_in


@pytest.fixture
def manager(db) -> User:
    return _person("Mana Ger", "manager", staff=True)


@pytest.fixture
def reservations(db) -> User:
    return _person("Rese Vations", "reservations", staff=True)


@pytest.fixture
def editor(db) -> User:
    return _person("Edi Tor", "content_editor", staff=True)


@pytest.fixture
def house_admin(db) -> User:
    return _person("Ad Min", "admin", staff=True)


@pytest.fixture
def superuser(db) -> User:
    return User.objects.create_superuser("root@pema.example", PASSWORD, first_name="Root")
