"""The secrets of one installation: made on the first run, kept in the data folder, used again ever after."""

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from local.fault import Fault
from local.folder import Folder


@dataclass(frozen=True)
class Credentials:
    """Random values of 256 bits and more, made of letters, digits, - and _."""

    secret_key: str
    database_password: str
    redis_password: str
    superuser_password: str = ""  # none in the folder of an earlier release, where the application was the superuser

    @classmethod
    def of(cls, folder: Folder) -> "Credentials":
        """Return the folder's secrets, made now where there are none. Raise Fault where they are damaged."""
        path = _file(folder)
        if not path.exists():
            cls(secrets.token_urlsafe(64), new_password(), new_password(), new_password()).keep_in(folder)
        try:
            return cls(**json.loads(path.read_text()))
        except (TypeError, ValueError):
            raise Fault(
                f"{path} is damaged; put it back from a backup (without it the database can't be opened)"
            ) from None

    def keep_in(self, folder: Folder) -> None:
        draft = folder.root / "secrets.new"
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(asdict(self), indent=2) + "\n")
        draft.replace(_file(folder))


def new_password() -> str:
    return secrets.token_urlsafe(32)


def _file(folder: Folder) -> Path:
    return folder.root / "secrets.json"
