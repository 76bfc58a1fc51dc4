"""Loaded by pytest before Django's settings (see pytest.ini): this is a test run."""

import os

os.environ["PEMA_ENV"] = "test"
os.environ.setdefault("SITE_URL", "http://testserver")
os.environ.setdefault("EMAIL_URL", "memorymail://")

import config.celery  # noqa: E402, F401
