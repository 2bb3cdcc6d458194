"""How far a test goes: small in `make test`, at full size in `make drill`."""

import os


def size(small: int, full: int) -> int:
    return full if os.environ.get("DRILL") else small
