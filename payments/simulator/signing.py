"""PayU's side of the signatures, written apart from the adapter's."""

import hashlib
import hmac
from collections.abc import Mapping

from django.conf import settings


def salts() -> list[str]:
    """The merchant account's salts; the first signs what we send."""
    return [salt for salt in (settings.PAYU_SALT_256, settings.PAYU_MERCHANT_SALT) if salt]


def request_fits(form: Mapping[str, str]) -> bool:
    """Was the payment form signed with the merchant's salt?"""
    udf = "|".join(form.get(f"udf{number}", "") for number in range(1, 11))
    front = "|".join(form.get(name, "") for name in ("key", "txnid", "amount", "productinfo", "firstname", "email"))
    return any(_same(form.get("hash", ""), f"{front}|{udf}|{salt}") for salt in salts())


def command_fits(form: Mapping[str, str]) -> bool:
    """Was the command signed? Only key, command and var1 count."""
    front = "|".join(form.get(name, "") for name in ("key", "command", "var1"))
    return any(_same(form.get("hash", ""), f"{front}|{salt}") for salt in salts())


def result_hash(form: Mapping[str, str]) -> str:
    """The hash under a result form or payment webhook."""
    udf = "|".join(form.get(f"udf{number}", "") for number in range(10, 0, -1))
    tail = "|".join(form[name] for name in ("email", "firstname", "productinfo", "amount", "txnid", "key"))
    text = f"{salts()[0]}|{form['status']}|{udf}|{tail}"
    if form.get("additionalCharges"):
        text = f"{form['additionalCharges']}|{text}"
    return _digest(text)


def _same(posted: str, text: str) -> bool:
    return hmac.compare_digest(posted.encode(errors="replace"), _digest(text).encode())


def _digest(text: str) -> str:
    return hashlib.sha512(text.encode(errors="replace")).hexdigest()
