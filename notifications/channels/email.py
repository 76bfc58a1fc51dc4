"""E-mail over Django's mail backend (EMAIL_URL)."""

from __future__ import annotations

import smtplib

from django.core.mail import EmailMultiAlternatives

from notifications.channels.base import Parcel, Refused, Unclear


def mail_of(parcel: Parcel) -> EmailMultiAlternatives:
    """The mail as it is sent. Headers can be read on the way: they tell the message by its mark alone."""
    mail = EmailMultiAlternatives(
        subject=parcel.subject,
        body=parcel.text,
        to=[parcel.to],
        headers={"X-Pema-Message": parcel.mark, **parcel.headers},
    )
    mail.attach_alternative(parcel.html, "text/html")
    for name, text, kind in parcel.attachments:
        mail.attach(name, text, kind)
    return mail


class Email:
    """Hands mails to the mail server; it gives no id of its own."""

    def send(self, parcel: Parcel) -> str:
        try:
            mail_of(parcel).send()
        except smtplib.SMTPRecipientsRefused as error:
            codes = {code for code, _reason in error.recipients.values()}
            raise _told(max(codes, default=450)) from None
        except smtplib.SMTPAuthenticationError as error:
            raise Unclear(f"the mail server does not know us: {error.smtp_code}") from None
        except smtplib.SMTPResponseException as error:
            raise _told(error.smtp_code) from None
        except (smtplib.SMTPException, OSError) as error:
            raise Unclear(f"no answer: {type(error).__name__}") from None
        return ""


def _told(code: int) -> Exception:
    """5xx is for ever, 4xx is not (RFC 5321 §4.2.1). The server's text stays out: it repeats the address."""
    return Refused(f"the mail server refused it: {code}") if code >= 500 else Unclear(f"the mail server: {code}")
