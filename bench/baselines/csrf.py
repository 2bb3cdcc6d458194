"""Django's rule against forged requests, for those without Django: a header that fits the cookie."""

import secrets
import string
from hmac import compare_digest
from urllib.parse import urlsplit

ALPHABET = string.ascii_letters + string.digits
VALUE = {letter: value for value, letter in enumerate(ALPHABET)}
SECRET_LENGTH = 32


def is_own_request(cookie: str, header: str, origin: str, host: str) -> bool:
    """Tell whether a page of this host has sent the request."""
    if origin and urlsplit(origin).netloc != host:
        return False
    return len(cookie) == SECRET_LENGTH and compare_digest(unmasked(header), cookie)


def unmasked(token: str) -> str:
    """Return the secret in a token, which is masked anew for each page."""
    if len(token) != 2 * SECRET_LENGTH or not VALUE.keys() >= set(token):
        return token if token.isascii() else ""
    mask, masked = token[:SECRET_LENGTH], token[SECRET_LENGTH:]
    return "".join(ALPHABET[VALUE[letter] - VALUE[shift]] for letter, shift in zip(masked, mask, strict=True))


def new_tokens() -> tuple[str, str]:
    """Return what a browser is given: the cookie, and the token that a page shows."""
    secret, mask = ("".join(secrets.choice(ALPHABET) for _ in range(SECRET_LENGTH)) for _ in range(2))
    masked = (
        ALPHABET[(VALUE[letter] + VALUE[shift]) % len(ALPHABET)] for letter, shift in zip(secret, mask, strict=True)
    )
    return secret, mask + "".join(masked)
