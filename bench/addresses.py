"""Where the database of the running stack is, in the words of those who connect to it."""

import os
from typing import Any

import environ

from local.administration import superuser_url


def database_options() -> dict[str, Any]:
    """Return what psycopg connects with, as an application does."""
    return options(os.environ["DATABASE_URL"])


def superuser_options() -> dict[str, Any]:
    """Return what psycopg connects with, as who makes the data and sets PostgreSQL."""
    return options(superuser_url())


def options(url: str) -> dict[str, Any]:
    found = environ.Env.db_url_config(url)
    names = {"host": "HOST", "port": "PORT", "dbname": "NAME", "user": "USER", "password": "PASSWORD"}
    return {name: found[key] for name, key in names.items() if found.get(key)}


def postgresql_variables() -> dict[str, str]:
    """Return the variables that PostgreSQL's own programs connect with."""
    names = {"host": "PGHOST", "port": "PGPORT", "dbname": "PGDATABASE", "user": "PGUSER", "password": "PGPASSWORD"}
    return {names[name]: str(value) for name, value in database_options().items()}
