"""Where a request comes from: one header, set by nginx from the connection, which clients can't reach past it."""

import ipaddress
from functools import lru_cache
from typing import NamedTuple

from django.http import HttpRequest

PREFIXES = {4: 24, 6: 64}


class Origin(NamedTuple):
    """Where a request comes from, and what it says it is; the network is what a client keeps longer."""

    address: str
    network: str
    user_agent: str

    @classmethod
    def of(cls, request: HttpRequest) -> "Origin":
        given = request.META.get("HTTP_X_REAL_IP") or request.META["REMOTE_ADDR"]
        return cls(*address_and_network(given), request.META.get("HTTP_USER_AGENT", "")[:256])

    @property
    def is_ipv6(self) -> bool:
        return ":" in self.address


@lru_cache(maxsize=10_000)
def address_and_network(given: str) -> tuple[str, str]:
    """Return the address that nginx saw, IPv4 also where it came mapped into IPv6, and the network it is in.

    The network is what a client keeps while its address changes: /24 of IPv4, /64 of IPv6.
    """
    seen = ipaddress.ip_address(given)
    address = getattr(seen, "ipv4_mapped", None) or seen
    return str(address), str(ipaddress.ip_network((address, PREFIXES[address.version]), strict=False))
