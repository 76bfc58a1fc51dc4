"""Public references: random, unguessable, easy to read aloud."""

from __future__ import annotations

import secrets

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def reference(prefix: str, length: int = 10) -> str:
    """`PW-7K3M9QX2BD`: a prefix and `length` random Crockford base32 characters (5 bits each)."""
    return f"{prefix}-{random_code(length)}"


def random_code(length: int) -> str:
    """`length` random characters of Crockford's alphabet (no I, L, O, U)."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(length))


def is_reference(text: str, prefix: str, length: int = 10) -> bool:
    """Whether `text`, normalised, has the form of a reference; not whether there is such a thing."""
    head, dash, tail = text.partition("-")
    return head == prefix and bool(dash) and len(tail) == length and not set(tail) - set(CROCKFORD)


def normalise(text: str) -> str:
    """What a person typed, in the form we store: upper case, look-alikes mended, no spaces."""
    cleaned = text.strip().upper().replace(" ", "")
    head, dash, tail = cleaned.partition("-")
    return head + dash + tail.translate(str.maketrans("ILO", "110"))
