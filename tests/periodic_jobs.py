"""Jobs as nobody wants them."""

import time
from contextlib import suppress
from typing import NoReturn


def fail() -> NoReturn:
    raise ZeroDivisionError


def hang() -> NoReturn:
    """Wait for ever, and again after whatever ends the wait first."""
    with suppress(Exception):
        time.sleep(3600)
    time.sleep(3600)
    raise AssertionError("nobody has broken it off")
