"""The secrets of one installation: made on the first run, kept in the data folder, used again ever after."""

import json
import secrets
from dataclasses import asdict, dataclass

from local.fault import Fault
from local.folder import Folder


@dataclass(frozen=True)
class Credentials:
    """Random values of 256 bits and more, made of letters, digits, - and _."""

    secret_key: str
    database_password: str
    redis_password: str

    @classmethod
    def of(cls, folder: Folder) -> "Credentials":
        """Return the folder's secrets, made now where there are none. Raise Fault where they are damaged."""
        path = folder.root / "secrets.json"
        if not path.exists():
            made = cls(secrets.token_urlsafe(64), secrets.token_urlsafe(32), secrets.token_urlsafe(32))
            draft = folder.root / "secrets.new"
            draft.touch(mode=0o600)
            draft.write_text(json.dumps(asdict(made), indent=2) + "\n")
            draft.replace(path)
        try:
            return cls(**json.loads(path.read_text()))
        except (TypeError, ValueError):
            raise Fault(
                f"{path} is damaged; put it back from a backup (without it the database can't be opened)"
            ) from None
