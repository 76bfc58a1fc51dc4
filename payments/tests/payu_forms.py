"""Signed PayU forms for tests, hashed by hand: the adapter's own code is not asked."""

import hashlib
import json
from pathlib import Path

KEY, SALT, SALT_256, OLD_SALT = "rtrTST", "Qk7vR2mZ8pLw4XyB1nTc6HdJ9sGfA3eU", "two-fifty-six" * 20, "rotated-out-salt"
VECTORS = json.loads((Path(__file__).parent / "vectors" / "payu.json").read_text())


def by_name(name: str) -> dict:
    return next(one for one in VECTORS["vectors"] + VECTORS["negative"] if one["name"] == name)


def signed(*, salt: str = SALT, prefix: str = "", split: str = "", **changes: str) -> dict[str, str]:
    """The result form of a success (or what `changes` make of it), with the hash PayU would send."""
    form = {**by_name("rev_success")["fields"], "mode": "CC", "bank_ref_num": "998877665544", **changes}
    udf = "|".join(form.get(f"udf{number}", "") for number in (5, 4, 3, 2, 1))
    facts = "|".join(form[name] for name in ("email", "firstname", "productinfo", "amount", "txnid"))
    middle = f"{salt}|{form['status']}|{split}|||||" if split else f"{salt}|{form['status']}|||||"
    text = f"{prefix}{middle}|{udf}|{facts}|{KEY}"
    return {**form, "hash": hashlib.sha512(text.encode()).hexdigest()}
