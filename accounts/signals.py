"""News of accounts, sent inside the transaction of what they tell of."""

from django.dispatch import Signal

# user_id, link (absolute, works once), minutes (how long it works). Sent inside the transaction of the asking: the
# message that carries the link is promised with it, or there was no asking.
password_reset_asked = Signal()

# channel ("email" | "sms"), to, code, name, language, expires_at, purpose. Sent inside the caller's transaction: the
# message that carries the code is promised together with the code.
code_promised = Signal()

# user_id, notice (its words: templates/notifications/account_notice), to, name, language, context (frozen words;
# `link` opens a door), once (tells two letters of one kind apart), at. Sent inside the transaction of what it tells of.
notice_promised = Signal()

# user_id (or None), event, at, alarm (somebody of the house should look), data (no personal data). Sent inside the
# transaction of what happened.
security_noticed = Signal()

# event, user_id, subject, at, by (Actor), data (no personal data), letter (a folder of templates/notifications, or ""),
# to, name, context (frozen words). Sent inside the transaction of what happened at the privacy desk.
privacy_news = Signal()
