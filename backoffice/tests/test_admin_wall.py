"""Z4, Z5: whoever is not the reviewer may open every page of the back office and never meets an answer."""

import re
from collections import Counter

import pytest

from bookings.domain import front_desk as desk
from config.tests.cast import AGREEMENT, ANSWERS
from core.actors import GUEST_LINK, SYSTEM
from medical.domain import forms, review
from medical.models import MedicalForm, RedFlagRule
from notifications.models import MailboxItem

pytestmark = pytest.mark.django_db(transaction=True)
CANARY = "CANARY-angina-1998"
SKIP = re.compile(r"/logout/|/jsi18n/|/password_change/|/mailbox/\d+/html/")
OF_A_KIND = 2  # rows of one list, and queries of one page, that are opened


@pytest.fixture
def a_full_house(stays, doctor, drain, settings):
    """Answers, a question with its answer, notes, decisions, mails, money: something on every page."""
    settings.EMAIL_BACKEND = "notifications.backends.MailboxBackend"
    RedFlagRule.objects.create(link_id="heart", operator="is", value=True, label="Heart trouble", severity=3)
    sick = {**ANSWERS, "heart": True, "heart-detail": CANARY}
    asked = stays.form(stays.in_review(answers=sick))
    question = review.ask(asked, f"{CANARY} since when?", doctor=doctor, at=stays.at)
    forms.answer_question(question, f"Since {CANARY}", by=GUEST_LINK, at=stays.at)
    review.decide(asked, "approve_with_conditions", doctor=doctor, at=stays.at, conditions=["No sauna"], note=CANARY)
    inside = stays.paid(start=0, room="pema-suite", nights=5)
    forms.submit(stays.form(inside), sick, agreement=AGREEMENT, by=GUEST_LINK, at=stays.at)
    review.decide(stays.form(inside), "approve", doctor=doctor, at=stays.at, note=CANARY)
    inside.refresh_from_db()
    desk.check_in(inside, by=SYSTEM, at=stays.at)
    ended = stays.form(stays.in_review(answers=sick))
    review.decide(ended, "not_suitable", doctor=doctor, at=stays.at, note=CANARY)
    stays.in_review(answers=sick)
    drain()
    assert MailboxItem.objects.exists() and MedicalForm.objects.count() == 4


def crawl(client, start="/admin/") -> dict[str, int]:
    """Every address of the admin that can be reached by links, with its status; fails on a canary or a broken page."""
    seen: dict[str, int] = {}
    kinds: Counter[str] = Counter()
    waiting = [start, *(f"/admin/medical/{page}/" for page in ("decision", "clarification", "consent"))]
    waiting += [f"/admin/medical/medicalform/{form.public_id}/change/" for form in MedicalForm.objects.all()]
    waiting.append("/admin/medical/medicalform/")
    while waiting:
        url = waiting.pop(0)
        kind = re.sub(r"PW-\w+|[0-9a-f]{8}-[0-9a-f-]+|\d+|(?<=\?).*", "…", url)
        if url in seen or SKIP.search(url) or kinds[kind] == OF_A_KIND:
            continue
        kinds[kind] += 1
        answer = client.get(url, follow=True)
        seen[url] = answer.status_code
        assert answer.status_code < 500, url
        if not answer.get("Content-Type", "").startswith(("text/html", "application/")):
            continue
        words = answer.content.decode()
        assert CANARY not in words, url
        assert "v1.sandbox." not in words, f"a sealed value on {url}"
        links = re.findall(r'(?:href|src|action|hx-get)="(/admin/[^"#]*)"', words)
        waiting += [link.replace("&amp;", "&") for link in links if not re.search(r"[?&](o|e)=", link)]
    return seen


def test_staff_and_superuser_never_meet_an_answer(
    a_full_house, desk_of, front_desk, finance, reservations, manager, house_admin, superuser
):
    pages = {}
    for person in (front_desk, reservations, finance, manager, house_admin, superuser):
        pages[person.first_name] = crawl(desk_of(person))
    assert min(len(found) for found in pages.values()) > 20, "the crawl has seen the house"
    assert len(pages["Root"]) > 100
    for found in pages.values():
        opened = [url for url, status in found.items() if "/medicalform/" in url and status == 200]
        assert not opened, opened


def test_the_crawl_would_see_it(a_full_house, desk_of, doctor):
    """The negative control: the doctor's own crawl meets the canary."""
    with pytest.raises(AssertionError, match="medicalform"):
        crawl(desk_of(doctor))


def test_search_and_autocomplete_lead_nowhere(a_full_house, desk_of, superuser, front_desk):
    form = MedicalForm.objects.first()
    for person in (superuser, front_desk):
        client = desk_of(person)
        for url in (
            f"/admin/search/?s={CANARY}&extended=1",
            f"/admin/search/?s={form.public_id}",
            "/admin/autocomplete/?app_label=medical&model_name=decision&field_name=form&term=a",
            f"/admin/find/?q={CANARY}",
            f"/admin/audit/history/?q=form:{form.public_id}",
            "/admin/medical/medicalform/?answers__startswith=v1",
            "/admin/bookings/staybooking/?medical_forms__answers__contains=a",
            "/admin/bookings/staybooking/?medical_forms__flag_weight__gte=3",
        ):
            answer = client.get(url, follow=True)
            assert CANARY not in answer.content.decode().replace(f'value="{CANARY}"', "").replace(f"q={CANARY}", "")
        filtered = client.get("/admin/bookings/staybooking/?medical_forms__flag_weight__gte=3")
        assert filtered.status_code in (302, 400), "no filter reaches into a form"


def test_the_guest_has_no_back_door(a_full_house, desk_of, guest):
    for url in ("/admin/", "/admin/medical/medicalform/", "/admin/bookings/staybooking/", "/admin/mailbox/"):
        answer = desk_of(guest).get(url)
        assert answer.status_code == 302 and "/admin/login/" in answer["Location"]
