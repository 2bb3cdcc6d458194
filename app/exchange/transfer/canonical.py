"""The canonical hash: equal for two accounts with the same lists and todos, whatever ids these have.

docs/export.md says how any program can compute it.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

MODULUS = 2**256


def digest(record: Mapping[str, Any], referred: Mapping[str, bytes]) -> bytes:
    """Return the digest of a record: without its id, and with the digests of what it refers to in place of ids."""
    members = {name: value for name, value in record.items() if name != "id"}
    members |= {name: found.hex() for name, found in referred.items()}
    return hashlib.sha256(msgspec.json.encode(members, order="sorted")).digest()


class Total:
    """The sum of digests, in which their order has no part, so that it needs no memory for them."""

    def __init__(self, encoded: bytes = b"") -> None:
        self._sum = int.from_bytes(encoded)

    def add(self, found: bytes) -> None:
        self._sum = (self._sum + int.from_bytes(found)) % MODULUS

    def encoded(self) -> bytes:
        return self._sum.to_bytes(32)

    def sha256(self) -> str:
        return hashlib.sha256(self.encoded()).hexdigest()
