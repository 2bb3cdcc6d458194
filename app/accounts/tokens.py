"""Secrets that stand for a person: 256 random bits, shown once and stored only as their SHA-256."""

import hashlib
import re
import secrets
import string
import zlib

TOKEN_BYTES = 32
ALPHABET = string.digits + string.ascii_letters
API_TOKEN = re.compile(r"doable_([0-9A-Za-z]{43})([0-9A-Za-z]{6})")


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_token(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def new_api_token() -> str:
    """Return ``doable_``, 43 random characters and a checksum of six.

    The prefix lets scanners find a token that leaked, and the checksum lets a mistyped one be refused unasked.
    """
    secret = "".join(secrets.choice(ALPHABET) for _ in range(43))
    return f"doable_{secret}{checksum(secret)}"


def is_api_token(text: str) -> bool:
    """Tell whether a text has the form of an API token, checksum included."""
    found = API_TOKEN.fullmatch(text)
    return found is not None and checksum(found[1]) == found[2]


def checksum(secret: str) -> str:
    """Return the CRC-32 in six digits to the base of 62."""
    number, digits = zlib.crc32(secret.encode()), ""
    for _ in range(6):
        number, digit = divmod(number, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    return digits
