"""Django's admin with our themed site as the default one."""

from django.contrib.admin.apps import AdminConfig


class BackofficeAdminConfig(AdminConfig):
    default = False
    default_site = "backoffice.sites.BackofficeSite"
