#!/usr/bin/env python
"""Django's command line."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    import config.celery  # noqa: F401  - shared tasks find the broker
    from core import trail

    with trail.follow(trail.of_command(sys.argv)):
        execute_from_command_line(sys.argv)
