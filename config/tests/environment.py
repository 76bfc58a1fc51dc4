"""Loaded by pytest before Django's settings (see pytest.ini): this is a test run."""

import os

from config.runner.bond import die_with_parent

os.environ["PEMA_ENV"] = "test"
os.environ.setdefault("SITE_URL", "http://testserver")
os.environ.setdefault("EMAIL_URL", "memorymail://")

if worker := os.environ.get("PYTEST_XDIST_WORKER"):  # one of several processes: gw0, gw1, ...
    die_with_parent()
    server, _, number = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0").rpartition("/")
    os.environ["REDIS_URL"] = f"{server}/{(int(number or 0) + 1 + int(worker.removeprefix('gw'))) % 16}"

import config.celery  # noqa: F401
