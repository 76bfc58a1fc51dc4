"""No tables: only the permissions of pages that show no single model. Who has them: `backoffice.roles`."""

from django.db import models


class BackOffice(models.Model):
    """A name for Django to hang the permissions on; nothing is stored."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = [
            ("view_today", "Can see the Today board"),
            ("view_mailbox", "Can open the sandbox mailbox"),
            ("view_operations", "Can see promises and try dead ones again"),
        ]

    def __str__(self) -> str:
        return "Back office"
