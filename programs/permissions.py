"""Who may write what we sell."""

from __future__ import annotations

from typing import Any


def may_delete_child_rates(user: Any) -> bool:
    return bool(user.has_perm("programs.delete_childrate"))


def may_write_policies(user: Any) -> bool:
    """Whoever writes policies also reads those that can no longer be changed."""
    return bool(user.has_perm("programs.change_cancellationpolicy"))


def may_write_tax_rules(user: Any) -> bool:
    return bool(user.has_perm("programs.change_taxrule"))
