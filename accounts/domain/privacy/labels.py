"""The names that people have for the keys of their data. A key that is missing here shows itself, with spaces."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

LEFT_OUT = frozenset({"id", "public_id"})
AGENTS = frozenset({"user_agent", "browser", "device"})  # a program's own name for itself
MONEY = frozenset({"total", "amount"})

PARTS = {
    "accounts": _("Your account"),
    "audit": _("What happened"),
    "notifications": _("Letters and messages"),
    "payments": _("Bills and payments"),
    "bookings": _("Your stays"),
    "medical": _("Your guest forms"),
}

LABELS = {
    # the account
    "what_happened": _("What happened"),
    "profile": _("Profile"),
    "date_joined": _("Account made"),
    "last_login": _("Last signed in"),
    "email": _("E-mail address"),
    "email_verified_at": _("E-mail address confirmed"),
    "phone": _("Telephone number"),
    "phone_e164": _("Telephone number, confirmed"),
    "phone_verified_at": _("Telephone number confirmed on"),
    "diet": _("What you eat"),
    "emergency_contact": _("Whom we may call"),
    "communication_preferences": _("How we may remind you"),
    "marketing_consent": _("News and offers allowed"),
    "kept_with_the_account": _("Kept with your account"),
    "refresh tokens": _("Sign-ins of apps"),
    "user sessions": _("Sign-ins of browsers"),
    "email addresses": _("E-mail addresses"),
    "contact changes": _("Changes of address or number"),
    "primary": _("Main address"),
    "verified": _("Confirmed"),
    "ip": _("Internet address"),
    "from_address": _("Internet address"),
    "user_agent": _("Device"),
    "browser": _("Device"),
    "issued_at": _("Signed in"),
    "expires_at": _("Open until"),
    "created_at": _("Since"),
    "seen_at": _("Last used"),
    "last_seen_at": _("Last used"),
    "last_used_at": _("Last used"),
    "asked_at": _("Asked"),
    "confirmed_at": _("Confirmed"),
    # consents, stays, bills, letters, forms
    "purpose": _("What for"),
    "version": _("Version of the text"),
    "where": _("Given through"),
    "at": _("When"),
    "check_in": _("Arrival"),
    "check_out": _("Departure"),
    "state": _("Standing"),
    "booked_at": _("Booked"),
    "contact_name": _("Booked by"),
    "contact_email": _("E-mail address of the booking"),
    "contact_phone": _("Telephone number of the booking"),
    "special_requests": _("Your wishes"),
    "instructions_for_the_house": _("What the house noted"),
    "kind": _("What"),
    "payer_name": _("Name on the bill"),
    "payer_email": _("E-mail address on the bill"),
    "payer_phone": _("Telephone number on the bill"),
    "by": _("By"),
    "promised_at": _("Written"),
    "sent_at": _("Sent"),
    "given_at": _("Given"),
    "withdrawn_at": _("Taken back"),
    "saved_at": _("Saved"),
    "guest_forms": _("Guest forms"),
    "clinical_notes": _("The doctor’s notes"),
}

# Over one entry of a list instead of the name of the list, by that name.
ONE_OF = {
    "Stays": _("Stay"),
    "Bills": _("Bill"),
    "Guest forms": _("Guest form"),
    "Consents": _("Consent"),
    "Corrections": _("Correction"),
}

# What an entry is about: the part of a subject before its colon. Only stays have a name that people know.
ABOUT = {
    "booking": _("Stay"),
    "form": _("Guest form"),
    "person": _("Your account"),
    "user": _("Your account"),
    "correction": _("A correction"),
    "review": _("Your review"),
}

MODES = {
    "NB": _("Net banking"),
    "CC": _("Credit card"),
    "DC": _("Debit card"),
    "UPI": _("UPI"),
    "guest": _("guest"),
    "myself": _("you"),
    "system": _("our computer"),
}
