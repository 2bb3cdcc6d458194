"""Looking a password up in a list of breached ones, without a network.

The list is a text file as the downloader of Have I Been Pwned writes it: one line for each password, its SHA-1 in
hexadecimal digits, perhaps a colon and how often it was seen, sorted by the hash.
"""

import hashlib
import re
from bisect import bisect_left
from pathlib import Path
from typing import BinaryIO

LINE = re.compile(rb"[0-9A-Fa-f]{40}(:[0-9]+)?\r?\n?")
HASH_LENGTH = 40
LONGEST_LINE = 80  # bytes, so that a file without lines is not read as one
AFTER_ALL = b"~"  # sorts behind every hash
SAMPLES = 64


def is_breached(password: str, file: Path) -> bool:
    """Return whether the list holds the password; raise OSError where it can't be read.

    The file is opened each time, so that a newer list may take its place while the service runs.
    """
    digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with file.open("rb") as lines:
        size = lines.seek(0, 2)
        place = bisect_left(range(size), digest, key=lambda offset: hash_at(lines, offset))
        return place < size and hash_at(lines, place) == digest


def refuse_other_files(file: Path) -> None:
    """Raise ValueError for a file that is no such list; a sample is looked at, because a list has many gigabytes."""
    try:
        with file.open("rb") as lines:
            size = lines.seek(0, 2)
            sample = [line_at(lines, size * part // SAMPLES) for part in range(SAMPLES)]
    except OSError as fault:
        raise ValueError(f"can't be read: {fault}") from fault
    hashes = [hash_of(line) for line in sample if line]
    if not all(LINE.fullmatch(line) for line in sample if line) or not hashes:
        raise ValueError(f"names {file}, which is no list of SHA-1 hashes, one a line, each as HASH or HASH:COUNT")
    if hashes != sorted(hashes):
        raise ValueError(f"names {file}, which is not sorted by hash (try: LC_ALL=C sort)")


def hash_at(lines: BinaryIO, offset: int) -> bytes:
    """Return the hash of the first line that begins at the offset or behind it."""
    return hash_of(line_at(lines, offset)) or AFTER_ALL


def hash_of(line: bytes) -> bytes:
    return line[:HASH_LENGTH].upper()


def line_at(lines: BinaryIO, offset: int) -> bytes:
    """Return the first line that begins at the offset or behind it, nothing at the end of the file."""
    lines.seek(max(offset - 1, 0))
    if offset:
        lines.readline(LONGEST_LINE)  # what is left of the line before
    return lines.readline(LONGEST_LINE)
