"""PayU's words for a payment and for a refund, and ours. A pair that is not in a table is not settled: pending."""

from payments.gateways.base import Claim, Outcome, RefundState

CLAIMS: dict[str, Claim] = {"success": "captured", "pending": "pending", "failure": "failed"}

PAYMENTS: dict[tuple[str, str], Outcome] = {
    ("captured", "success"): "captured",
    ("auth", "success"): "authorised",
    ("initiated", "pending"): "pending",
    ("in progress", "pending"): "pending",
    ("pending", "pending"): "pending",
    ("usercancelled", "failure"): "failed",
    ("bounced", "failure"): "failed",
    ("dropped", "failure"): "failed",
    ("failed", "failure"): "failed",
    ("", "failure"): "failed",
    ("autorefund", "failure"): "returned",
}

REFUNDS: dict[str, RefundState] = {
    "queued": "queued",
    "requested": "queued",
    "od_hit": "queued",
    "in progress": "in_progress",
    "inprogress": "in_progress",
    "pending": "in_progress",
    "success": "done",
    "failure": "failed",
    "failed": "failed",
}

# Error codes of cancel_refund_transaction. 102 is the only yes.
ACCEPTED = "102"
KNOWN_TOKEN = {"106", "109", "227"}  # this refund was asked for before: look it up, never ask anew
LATER = {"214", "225", "226"}  # same amount within five minutes, or another action still pending
NEVER = {"105", "111", "116", "255", "266"}  # bad amount, wrong state, unknown payment, long token, chargeback


def payment_outcome(unmapped: str, status: str) -> Outcome:
    """`unmapped` is the fine word (captured, auth, bounced …), `status` the coarse one; only known pairs settle."""
    return PAYMENTS.get((unmapped.strip().lower(), status.strip().lower()), "pending")


def refund_state(status: str) -> RefundState:
    """Unknown words mean "still under way": neither paid back nor failed."""
    return REFUNDS.get(status.strip().lower().replace("_", " "), REFUNDS.get(status.strip().lower(), "in_progress"))
