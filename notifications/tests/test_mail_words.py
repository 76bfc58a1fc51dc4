"""What a mail says to whoever carries it: headers and subject."""

import pytest
from django.utils import timezone

from notifications.channels.email import mail_of
from notifications.domain import messages
from notifications.domain.rendering import parcel
from notifications.domain.sealing import whole

pytestmark = pytest.mark.django_db
CONTEXT = {"guest_name": "Asha", "reference": "PW-7K3M9QX2BD", "link": "https://pema.example/x"}


def composed(template):
    message = messages.promise(
        template,
        key=f"PW-7K3M9QX2BD:{template}:1",
        subject_of="stay:PW-7K3M9QX2BD",
        recipient="asha@pema.example",
        recipient_name="Asha",
        context=CONTEXT,
        at=timezone.now(),
    )
    return mail_of(parcel(message, whole(message), to=message.recipient))


@pytest.mark.parametrize("template", ["medical_form_invitation", "question_from_doctor"])
def test_no_header_tells_what_the_mail_is_about(template):
    """Z6: a digest tells messages apart; the name of the letter stays in the house."""
    mail = composed(template).message()
    told = " ".join(f"{name}: {value}" for name, value in mail.items()).lower()
    assert len(mail["X-Pema-Message"]) == 32
    assert not [word for word in ("medical", "doctor", template) if word in told]


def test_the_same_message_has_the_same_digest_and_another_has_another():
    one, again, other = map(composed, ["stay_confirmed", "stay_confirmed", "stay_completed"])
    digests = [mail.extra_headers["X-Pema-Message"] for mail in (one, again, other)]
    assert digests[0] == digests[1] != digests[2]


def test_the_subject_of_a_question():
    assert composed("question_from_doctor").subject == "A question about your stay"
