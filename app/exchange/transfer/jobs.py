"""What imports have to have done now and then (PERIODIC_JOBS)."""

import time

from app.exchange.transfer.services import checking

AT_A_TIME = 1.0  # seconds, because mail waits meanwhile


def check_imports() -> int:
    """Check for a second what was uploaded, a bit of each file in turn; return the number of bits."""
    until, bits = time.monotonic() + AT_A_TIME, 0
    while time.monotonic() < until and checking.check_next():
        bits += 1
    return bits


def purge_imports() -> int:
    """Delete imports after a day, and files that nobody waits for."""
    return checking.purge()
