"""The privacy desk: consents, export, corrections, erasure, retention (DPDP Act 2023, chapters II and III)."""
