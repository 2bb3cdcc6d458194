"""How tests and measurements get into PostgreSQL of the stack as its superuser, which its application never does."""

import os
from pathlib import Path
from urllib.parse import quote, urlsplit

from local.credentials import Credentials
from local.folder import Folder
from local.postgresql import SUPERUSER


def superuser_url() -> str:
    """Return the address of the stack's database for who may do everything in it, given the variables of its app."""
    password = Credentials.of(Folder(Path(os.environ["DOABLE_DATA"]))).superuser_password
    return urlsplit(os.environ["DATABASE_URL"])._replace(netloc=f"{SUPERUSER}:{quote(password)}@").geturl()
