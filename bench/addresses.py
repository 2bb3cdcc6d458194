"""Where the stores of the running stack are, in the forms that libraries ask for."""

import os
from typing import Any

import environ


def database_options() -> dict[str, Any]:
    """Return what psycopg connects with."""
    found = environ.Env.db_url_config(os.environ["DATABASE_URL"])
    names = {"host": "HOST", "port": "PORT", "dbname": "NAME", "user": "USER", "password": "PASSWORD"}
    return {name: found[key] for name, key in names.items() if found.get(key)}
