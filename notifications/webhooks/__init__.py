"""Outgoing webhooks: other systems (a CRM) learn what happened, signed, each event at least once."""
