"""What a reader of the schema is told first: the rules of all calls, and what each group is for."""

from __future__ import annotations

from typing import Any

from django.conf import settings

STAY_KEY = "stay key"  # the name of the scheme in the schema
STAY_KEY_HEADER = "X-Stay-Key"
GUIDE = "/docs/integrators.md"  # served by config.reference.guide

DESCRIPTION = f"""\
Programs, availability, stay bookings, payments and guest forms of a wellness retreat. All calls are JSON below
`/api/v1`, without trailing slashes; money is text with two decimals, stay dates are `YYYY-MM-DD` of the property,
instants are UTC.

The guide is **[docs/integrators.md]({GUIDE})**: the calls in `curl`, the check of a webhook's signature in Python,
JavaScript, Kotlin and Swift. The names in italics below are its sections.

## Who is calling
`POST auth/login` (or `auth/otp/verify`, `auth/google`) gives `access` for 30 minutes and `refresh` for 7 days. Send
`Authorization: Bearer <access>`; after a 401 call `auth/refresh` once, then sign in again. A stay booked without an
account answers with `access_key`: send it as `{STAY_KEY_HEADER}` with the calls about that stay.

More: *Signing in*, *A stay booked without an account*.

## Repeating a call
Send `Idempotency-Key` (1 to 128 visible characters, new for each wish) with every POST that creates or moves money.
The same key and body give the same answer for 72 hours, with `Idempotency-Replayed: true`; another body gives 422,
a first call still at work 409 `idempotency_in_flight`. More: *Repeating a call*.

## Errors
Every refusal is `{{"type": …, "errors": [{{"code", "detail", "attr"}}]}}`. `code` is stable (all codes stand at
`ErrorItem`), `detail` is a sentence for people, `attr` is the field as you sent it, or null. Somebody else's things
are 404, as if they did not exist. Each call below shows refusals that it really gives. More: *Errors*.

## Lists
`page` from 1 on and `page_size` (20, at most 100) give `count`, `next`, `previous` and `results` in a stable order;
beyond the last page 404. More: *Lists*.

## Limits
300 calls a minute for a token, 60 for an address without one; signing in and codes have narrower ones. Every answer
says `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset`; 429 and 503 say `Retry-After` in seconds. More:
*How much is too much*.

## Events
The house can tell your system what happens, by signed webhooks. More: *Webhooks*, *Checking the signature*.
"""

TAGS = {
    "auth": "Accounts: registering, the ways in, codes, the own profile, contacts, devices that are signed in.",
    "home": "The first screen: rails of programs and room types.",
    "search": "One search over programs and room types, with dates when there are any.",
    "programs": "The published programs, and what guests say of them.",
    "program-types": "The kinds that programs are sorted by.",
    "room-types": "The kinds of room with prices from, and what guests say of them.",
    "rooms": "The kinds of room with filters: the same as `room-types`, under the name older clients use.",
    "room-availability": "What is free for a stay of given dates and people.",
    "availability-calendar": "A month of days on which a stay can begin.",
    "bookings": "A stay from the price to the end: estimate, hold, look, extend, cancel, put into an account.",
    "payments": "Instalments of a stay: beginning to pay, how it stands; and the notices of the payment gateway.",
    "medical": "The guest's health form, the doctor's questions, and who has read it.",
    "reviews": "What a guest says after the stay.",
    "favourites": "Programs and room types that an account has saved.",
    "companions": "Family and friends who come along.",
    "devices": "Push tokens of the app.",
    "me": "The rights of a person: consents, a copy of the own data, erasure.",
    "doctor": "For doctors: forms that wait for them, questions, decisions.",
    "admin": "For the staff of the house: lists, arrivals and departures, rooms, programs.",
    "operations": "Whether the house is well; for load balancers and monitors.",
}


def introduce(result: dict[str, Any]) -> None:
    """The rules of all calls, tags that are used, where house and guide are, the key of a stay."""
    used = {tag for operations in result["paths"].values() for one in operations.values() for tag in one["tags"]}
    order = [*TAGS, *sorted(used - TAGS.keys())]
    result["info"]["description"] = DESCRIPTION
    result["tags"] = [{"name": tag, "description": TAGS.get(tag, "")} for tag in order if tag in used]
    result["servers"] = [
        {"url": settings.SITE_URL, "description": "this house"},
        {"url": "/", "description": "the address that you are reading this at"},
    ]
    result["externalDocs"] = {"description": "Guide for integrators", "url": f"{settings.SITE_URL}{GUIDE}"}
    result["components"].setdefault("securitySchemes", {})[STAY_KEY] = {
        "type": "apiKey",
        "in": "header",
        "name": STAY_KEY_HEADER,
        "description": "`access_key` of a booking made without an account; opens that stay and nothing else",
    }
