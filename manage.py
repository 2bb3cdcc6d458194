#!/usr/bin/env python3
"""Django's command line, which stops with a plain list where the environment is not fit to start."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "app.config.settings")
    try:
        import app.config.settings  # noqa: F401, PLC0415 - refuse before Django wraps the reason in a traceback
    except ImproperlyConfigured as refusal:
        sys.exit(str(refusal))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
