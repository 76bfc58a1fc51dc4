"""Text as PayU keeps it: A-Z a-z 0-9 space - _ @ / . ; and nothing else. It drops other characters without a word."""

import re
import unicodedata

UNSAFE = re.compile(r"[^A-Za-z0-9 \-_@/.;]")
SPELLED = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "Ae", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "þ": "th"}
    | {"œ": "oe", "Œ": "Oe", "\u0131": "i", "\u2013": "-", "\u2014": "-", "&": " and "}
)
EMAIL = re.compile(r"[A-Za-z0-9_.\-/]+@[A-Za-z0-9\-]+(\.[A-Za-z0-9\-]+)*\Z")


def plain(value: str, limit: int) -> str:
    """`value` in PayU's letters, at most `limit` characters: Zoë becomes Zoe, what has no such letter is left out."""
    decomposed = unicodedata.normalize("NFKD", value.translate(SPELLED))
    letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(UNSAFE.sub("", letters.replace("\t", " ").replace("\n", " ")).split())[:limit].strip()


def digits(value: str, limit: int) -> str:
    """The digits of a phone number, without plus sign, brackets and blanks."""
    return "".join(char for char in value if char in "0123456789")[:limit]


def address(value: str, limit: int, *, otherwise: str) -> str:
    """An e-mail address that PayU keeps as it is, or `otherwise`: a mangled one would mail a stranger.

    A plus tag is taken off (same mailbox, and PayU would glue the tag to the name).
    """
    local, at, domain = value.strip().partition("@")
    bare = local.partition("+")[0] + at + domain
    return bare if len(bare) <= limit and EMAIL.match(bare) else otherwise


def one_line(value: object, limit: int = 255) -> str:
    """Any value of a foreign answer as short printable text, fit for our tables and logs."""
    text = "" if value is None else str(value)
    return "".join(char if char.isprintable() else " " for char in text[: 4 * limit]).strip()[:limit]
