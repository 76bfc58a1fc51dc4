"""How the back office looks (django-unfold)."""

DESK = {
    "SITE_TITLE": "Pema Wellness",
    "SITE_HEADER": "Pema Wellness",
    "SITE_SUBHEADER": "Back office",
    "SITE_URL": "/",
    "SITE_SYMBOL": "spa",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "backoffice.theme.favicon"}],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "6px",
    "ENVIRONMENT": "backoffice.theme.environment_badge",
    "STYLES": ["backoffice.theme.palette", "backoffice.theme.stylesheet", "backoffice.theme.desk_stylesheet"],
    "COLORS": "backoffice.theme.colors",
    "SIDEBAR": {"show_search": True, "show_all_applications": False, "navigation": "backoffice.menus.navigation"},
}
