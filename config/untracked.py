"""Models without change events, and why. Every other model of the house is `@tracked`; a test holds that each is one
or the other, so a new model cannot be forgotten (docs/adr/0009).
"""

CLINICAL = "clinical content: reads are in the access log, moves of state in the history, words nowhere else"
PROMISE = "a promise of work: its own columns tell attempts, outcome and time; what it is about is tracked"
SECRET = "holds nothing but a digest and a clock"
PLUMBING = "no business: a counter, a cache or a key"
RECORD = "is a record itself and only grows"
SANDBOX = "the sandbox only; never in production"

UNTRACKED: dict[str, str] = {
    "accounts.Attempt": PLUMBING,
    "accounts.Challenge": SECRET,
    "accounts.ExportPack": PROMISE,
    "accounts.IdempotencyKey": PLUMBING,
    "accounts.Knock": PROMISE,
    "accounts.RefreshToken": SECRET,
    "accounts.Tombstone": "digests of people who must stay forgotten; an event would remember them",
    "audit.AccessLog": RECORD,
    "audit.History": RECORD,
    "backoffice.BackOffice": "no table of data: carries permissions of pages",
    "bookings.Favourite": "a guest's own bookmark: nobody acts on it",
    "medical.ArrivalExamination": CLINICAL,
    "medical.Clarification": CLINICAL,
    "medical.Decision": CLINICAL,
    "medical.MedicalForm": CLINICAL,
    "notifications.MailboxItem": SANDBOX,
    "notifications.Message": PROMISE,
    "notifications.WebhookAttempt": RECORD,
    "notifications.WebhookDelivery": PROMISE,
    "notifications.WebhookEvent": RECORD,
    "payments.GatewayEvent": "a gateway's raw notice; the payment that it moves is tracked",
    "programs.Standing": PLUMBING,
}
UNTRACKED_APPS = {"payusim": SANDBOX, "sandboxcrm": SANDBOX}
