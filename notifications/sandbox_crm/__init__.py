"""A stand-in for somebody else's CRM, in demonstration and test: it listens, checks signatures and shows what it got.

It behaves as a stranger would: it knows of us only what arrives, and the secret that a person has pasted into it.
"""
