"""Admin site, Today board, reports. No tables."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class BackofficeAdminConfig(AdminConfig):
    """Django's admin with our themed site as the default one."""

    default_site = "backoffice.sites.BackofficeSite"


class BackofficeConfig(AppConfig):
    name = "backoffice"
    verbose_name = "Back office"
