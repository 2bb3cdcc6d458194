"""What the person chose: port, data folder, kind of servers."""

import os
from dataclasses import dataclass
from pathlib import Path

from local.fault import Fault

CLONE = Path(__file__).resolve().parent.parent
ORIGINS = ("system", "wheels")


@dataclass(frozen=True)
class Choices:
    """The answers of PORT, DATA and SERVERS. Port 0 asks for any free one.

    Fresh data is removed at the end, so nothing has to wait until it lies on the disk.
    """

    port: int
    data: Path
    origins: tuple[str, ...]
    is_fresh: bool = False

    @classmethod
    def from_environment(cls) -> "Choices":
        """Raise Fault where a variable can't be understood."""
        data = Path(os.environ.get("DATA") or CLONE / "data").expanduser().absolute()
        return cls(_port(os.environ.get("PORT") or "8000"), data, _origins(os.environ.get("SERVERS") or ""))


def _port(value: str) -> int:
    if not value.isascii() or not value.isdigit() or int(value) > 65535:  # noqa: PLR2004 - the largest TCP port
        raise Fault(f"PORT={value} is no port; give a number up to 65535, or 0 for any free one")
    return int(value)


def _origins(value: str) -> tuple[str, ...]:
    if value and value not in ORIGINS:
        raise Fault(f"SERVERS={value} is unknown; use system or wheels, or leave it out for the first found")
    return (value,) if value else ORIGINS
