"""Every letter of the house renders in full, and none of them says a word about health."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import strip_tags

from accounts.models import Challenge

FOLDER = Path(settings.BASE_DIR) / "templates" / "notifications"
NAMES = sorted(path.parent.name for path in FOLDER.glob("*/subject.txt"))
FORBIDDEN = re.compile(
    r"medic|diagnos|health|illness|disease|patient|symptom|treatment|therap|clinic|questionnaire|pregnan|suitab|condition",
    re.IGNORECASE,
)
CONTEXT = {
    "guest_name": "Ananya O'Rao",
    "reference": "PW-7K3M9QX2BD",
    "program": "Detox",
    "room": "Premium Garden",
    "check_in": "Mon 3 May 2027",
    "check_out": "Mon 10 May 2027",
    "nights": 7,
    "total": "₹7,49,000",
    "paid": "₹50,000",
    "balance": "₹6,99,000",
    "balance_due": "Mon 3 May 2027",
    "amount": "₹3,24,500",
    "due_amount": "₹3,24,500",
    "refund_amount": "₹50,000",
    "refund_rows": [{"label": "to your UPI account", "amount": "₹50,000"}],
    "due": "Fri 9 Apr 2027",
    "link": "https://pema.example/stays/open/abc/stay",
    "needs_form": True,
    "overdue": False,
    "bank_reference": "401122334455",
    "check_in_time": "14:00",
    "check_out_time": "11:00",
    "code": "493027",
    "minutes": 5,
    "reason": "It names another guest.",
    "title": "Call the guest",
    "desk": "Reservations",
    "property": {
        "name": "Pema House",
        "phone": "+91 891 555 0100",
        "email": "stay@pema.example",
        "address": "Healing Hills, Rushikonda",
    },
}
VARIANTS = [
    {"no_password": True},
    {},
    {"needs_form": False},
    {"overdue": True},
    {"amount": "", "due": ""},
    {"refund_amount": "", "refund_rows": []},
    {"refund_amount": "₹0", "refund_rows": []},
    {"refund_amount": "₹30,000"},
    {"by_house": True},
    {"unpaid": True},
    {"to_wallet": True},
]
NEEDED = {
    "payment_received",
    "medical_form_invitation",
    "question_from_doctor",
    "stay_approved",
    "stay_confirmed",
    "stay_cancelled",
    "stay_not_possible",
    "refund_done",
    "late_payment_returned",
    "no_show",
    "sign_in_code",
}


def render(name, **changes):
    context = CONTEXT | changes
    return [
        render_to_string(f"notifications/{name}/{part}", context) for part in ("subject.txt", "body.txt", "body.html")
    ]


def test_the_letters_of_the_main_job_are_there():
    assert set(NAMES) >= NEEDED
    for name in NAMES:
        assert {path.name for path in (FOLDER / name).iterdir()} >= {"subject.txt", "body.txt", "body.html"}


@pytest.mark.parametrize("name", NAMES)
def test_a_letter_renders_in_every_variant(name):
    for changes in VARIANTS:
        subject, text, html = render(name, **changes)
        assert subject.strip() and "\n" not in subject.strip()
        assert "{{" not in subject + text + html and "{%" not in subject + text + html
        assert "&#x27;" not in subject + text
        assert "<h1" in html


@pytest.mark.parametrize("name", NAMES)
def test_no_letter_says_a_word_about_health(name):
    for changes in VARIANTS:
        for part in render(name, **changes):
            words = strip_tags(re.sub(r"<style.*?</style>", "", part, flags=re.DOTALL)).replace("Healing Hills", "")
            assert not FORBIDDEN.search(words), FORBIDDEN.search(words)


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"sign_in_code", "privacy_erased", "privacy_erasure_undone"}))
def test_text_and_html_lead_to_the_same_next_step(name):
    _, text, html = render(name)
    assert CONTEXT["link"] in text and CONTEXT["link"] in html


def test_a_refund_is_told_to_the_rupee():
    for name in ("stay_cancelled", "stay_not_possible", "arrival_not_possible", "refund_done", "no_show"):
        _, text, html = render(name)
        assert "₹50,000" in text and "₹50,000" in html


def test_nothing_returned_is_not_told_as_zero_rupees():
    _, text, html = render("stay_cancelled", refund_amount="₹0", refund_rows=[])
    assert "₹0 " not in text + html and "nothing is returned" in text and "nothing is returned" in html


def test_sent_home_on_arrival_is_not_told_as_everything():
    assert "Everything that you have paid" in render("stay_not_possible")[1]
    assert "Everything that you have paid" not in "".join(render("stay_not_possible", refund_amount="₹30,000"))


def test_a_name_cannot_write_html():
    _, _, html = render("stay_confirmed", guest_name="<b>Bold</b>")
    assert "<b>Bold</b>" not in html


def test_each_code_says_what_it_is_for():
    """One subject and one first sentence for each purpose; none of them holds the code."""
    said = {purpose: render("sign_in_code", purpose=purpose) for purpose in (*Challenge.Purpose.values, "")}
    del said["second_factor"]  # the app shows it, no letter
    subjects, firsts = [], []
    for subject, text, html in said.values():
        subjects.append(subject.strip())
        firsts.append(next(line for line in text.splitlines() if line.startswith("Enter this code")).partition(".")[0])
        assert CONTEXT["code"] not in subject and firsts[-1] in html and subjects[-1] in html
    assert len(set(subjects)) == len(set(firsts)) == len(said)


@pytest.mark.parametrize(
    "notice",
    [
        "second_factor_added",
        "second_factor_removed",
        "recovery_code_used",
        "new_device",
        "passkey_added",
        "token_reused",
    ],
)
def test_a_letter_about_keys_leads_to_them_and_to_the_house(notice):
    more = {"link": "https://pema.example/security", "contact": "https://pema.example/contact", "left": 7}
    subject, text, html = render("account_notice", notice=notice, device="Chrome, Windows", **more)
    assert subject.strip() != "News about your account"
    for part in (text, html):
        for needed in (more["link"], more["contact"], "stay@pema.example", "+91 891 555 0100", "Chrome, Windows"):
            assert needed in part
        assert "If it was not you" in part or "If you do not know why" in part
    assert notice != "recovery_code_used" or "Codes left: 7" in text
