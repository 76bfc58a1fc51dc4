"""PayU's signatures: SHA-512 over fields joined by pipes, with the merchant's salt at one end.

Pure. A pipe inside a value would let two different forms share one hash, so every part that goes into a hash is refused
when it holds one. The merchant key in a hash is always our configured one, never the posted one.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping

UDFS = ("udf1", "udf2", "udf3", "udf4", "udf5")
ECHOED = ("txnid", "amount", "productinfo", "firstname", "email")
LONGEST = 2000  # characters of one hashed value; the longest documented field takes 255
RESERVED = [""] * 5  # udf6 to udf10
LOWER_HEX = re.compile(r"[0-9a-f]{128}\Z")


class Unhashable(ValueError):
    """A value that must not go into a hash."""


def request_hash(fields: Mapping[str, str], *, key: str, salt: str) -> str:
    """The hash of a payment form: key, five facts, ten udf slots, salt, then what split or charges append.

    `splitRequest` and `additional_charges` are appended exactly as posted (PayU docs and Node SDK).
    """
    parts = [key, *_values(fields, ECHOED), *_values(fields, UDFS), *RESERVED, salt]
    for name in ("splitRequest", "additional_charges"):
        if fields.get(name):
            parts += _values(fields, (name,))
    return _sha512(parts)


def response_hash(fields: Mapping[str, str], *, key: str, salt: str, split_hashed: bool = False) -> str:
    """The reverse hash of a result form or payment webhook: salt, status, udfs and facts backwards, key.

    The surcharge stands in front when it was posted with a value; `splitInfo` counts only for split-enabled merchants.
    """
    parts = [*_charges(fields), salt, *_values(fields, ("status",))]
    if split_hashed and fields.get("splitInfo"):
        parts += _values(fields, ("splitInfo",))
    parts += [*RESERVED, *_values(fields, reversed(UDFS)), *_values(fields, reversed(ECHOED)), key]
    return _sha512(parts)


def command_hash(command: str, var1: str, *, key: str, salt: str) -> str:
    """The hash of a server-to-server command. PayU covers var1 only."""
    return _sha512([key, *_values({"command": command, "var1": var1}, ("command", "var1")), salt])


def is_genuine(fields: Mapping[str, str], *, key: str, salts: Iterable[str], split_hashed: bool = False) -> bool:
    """True when the posted hash is the reverse hash under one of our salts (current, other version, previous).

    Compared in constant time; every salt is tried, whichever fits. Lower-case hexadecimal only, as PayU sends it.
    """
    posted = fields.get("hash", "")
    if not LOWER_HEX.match(posted):
        return False
    try:
        wanted = [response_hash(fields, key=key, salt=salt, split_hashed=split_hashed) for salt in salts if salt]
    except Unhashable:
        return False
    matches = [hmac.compare_digest(posted, one) for one in wanted]
    return any(matches)


def _charges(fields: Mapping[str, str]) -> list[str]:
    """The surcharge under either of its two spellings; two different ones are nobody's form."""
    posted = {name: fields[name] for name in ("additionalCharges", "additional_charges") if fields.get(name)}
    if len(set(posted.values())) > 1:
        raise Unhashable("additionalCharges")
    return _values(posted, list(posted)[:1])


def _values(fields: Mapping[str, str], names: Iterable[str]) -> list[str]:
    return [_checked(name, fields.get(name, "")) for name in names]


def _checked(name: str, value: str) -> str:
    if "|" in value or "\x00" in value or len(value) > LONGEST:
        raise Unhashable(name)
    return value


def _sha512(parts: list[str]) -> str:
    try:
        text = "|".join(parts).encode()
    except UnicodeEncodeError:
        raise Unhashable("text") from None
    return hashlib.sha512(text).hexdigest()
