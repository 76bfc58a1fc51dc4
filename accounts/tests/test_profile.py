"""The profile: each field with a rule of its own, over API and page; consents leave their proof."""

import pytest
from django.urls import reverse

from accounts.domain import preferences
from accounts.models import ConsentRecord, User
from config.tests.api_cast import codes

pytestmark = pytest.mark.django_db


def test_a_number_is_kept_in_one_shape(api, guest):
    for typed in ("98765 43210", "+919876543210", "(+91) 98765-43210"):
        assert api(guest).patch("auth/me", {"phone": typed}).json()["phone"] == "+91 98765 43210"
    assert codes(api(guest).patch("auth/me", {"phone": "12"})) == ["bad_phone"]
    assert api(guest).get("auth/me").json()["phone"] == "+91 98765 43210"


def test_sms_needs_a_number_and_a_known_channel(api, guest):
    mine = api(guest)
    mine.patch("auth/me", {"phone": ""})
    wish = {"communication_preferences": {"reminders": {"sms": True}}}
    refused = mine.patch("auth/me", {**wish, "first_name": "Usha"})
    assert codes(refused) == ["no_phone"]
    guest.refresh_from_db()
    assert guest.first_name != "Usha" and preferences.chosen(guest) == []
    assert mine.patch("auth/me", {**wish, "phone": "98765 43210"}).status_code == 200
    assert codes(mine.patch("auth/me", {"phone": ""})) == ["no_phone"]  # while SMS is chosen
    guest.refresh_from_db()
    assert preferences.chosen(guest) == ["sms"]


def test_marketing_is_a_consent_with_its_proof(api, guest):
    api(guest).patch("auth/me", {"marketing_consent": True})
    api(guest).patch("auth/me", {"marketing_consent": True})
    api(guest).patch("auth/me", {"marketing_consent": False})
    assert list(ConsentRecord.objects.order_by("pk").values_list("purpose", "granted", "door")) == [
        ("offers", True, "api"),
        ("offers", False, "api"),
    ]
    assert User.objects.get(pk=guest.pk).marketing_consent is False


def test_the_page(client, guest):
    client.force_login(guest)
    page = reverse("accounts:profile")
    told = {"first_name": "Usha", "phone": "98765 43210", "reminders": ["sms"], "marketing_consent": "on"}
    assert client.post(page, told).status_code == 303
    guest.refresh_from_db()
    assert (guest.first_name, guest.phone, guest.marketing_consent) == ("Usha", "+91 98765 43210", True)
    assert preferences.chosen(guest) == ["sms"]
    bad = client.post(page, {**told, "phone": "12", "first_name": "Other"})
    assert bad.status_code == 400 and 'value="Other"' in bad.content.decode()
    lost = client.post(page, {**told, "phone": ""})
    assert lost.status_code == 400 and "we need its number" in lost.content.decode()
    guest.refresh_from_db()
    assert (guest.first_name, guest.phone) == ("Usha", "+91 98765 43210")
    client.post(page, {"first_name": "Usha", "phone": "98765 43210"})
    guest.refresh_from_db()
    assert preferences.chosen(guest) == [] and guest.marketing_consent is False
