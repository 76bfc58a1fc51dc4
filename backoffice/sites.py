"""The one admin site of the house."""

from unfold.sites import UnfoldAdminSite


class BackofficeSite(UnfoldAdminSite):
    """Themed, with role-shaped menus (see `backoffice.menus`)."""

    site_title = "Pema Wellness"
    site_header = "Pema Wellness"
    index_title = "Back office"
