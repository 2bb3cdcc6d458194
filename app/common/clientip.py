"""Where a request comes from: one header, set by nginx from the connection, which clients can't reach past it."""

import ipaddress
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
        address = client_address(request)
        return cls(address, network_of(address), request.headers.get("User-Agent", "")[:256])

    @property
    def is_ipv6(self) -> bool:
        return ":" in self.address


def client_address(request: HttpRequest) -> str:
    """Return the address that nginx saw, IPv4 also where it came mapped into IPv6."""
    address = ipaddress.ip_address(request.META.get("HTTP_X_REAL_IP") or request.META["REMOTE_ADDR"])
    return str(getattr(address, "ipv4_mapped", None) or address)


def network_of(address: str) -> str:
    """Return the network a client keeps while its address changes: /24 of IPv4, /64 of IPv6."""
    version = ipaddress.ip_address(address).version
    return str(ipaddress.ip_network((address, PREFIXES[version]), strict=False))
