"""What a session makes of a request from another network than before (SESSION_IP_VALIDATION).

An address is a hint and no proof: people move between networks, and a device with IPv4 and IPv6 uses both in turn.
"""

from enum import Enum, auto

from django.conf import settings

from app.common.clientip import Origin


class Sight(Enum):
    """How the network of a request compares with the one that the session remembers of its address family."""

    SAME_NETWORK = auto()
    OTHER_NETWORK = auto()
    NEW_FAMILY = auto()


class Reaction(Enum):
    """What follows."""

    GO_ON = auto()
    LEARN = auto()  # remember the network
    NOTE = auto()  # remember it, note the change in the audit and show it to the user
    END = auto()  # end the session


REACTIONS = {
    "off": {},
    "log": {Sight.OTHER_NETWORK: Reaction.NOTE, Sight.NEW_FAMILY: Reaction.LEARN},
    "adaptive": {Sight.OTHER_NETWORK: Reaction.NOTE, Sight.NEW_FAMILY: Reaction.NOTE},
    "strict": {Sight.OTHER_NETWORK: Reaction.END, Sight.NEW_FAMILY: Reaction.END},
}


def sight(origin: Origin, network4: str | None, network6: str | None) -> Sight:
    """Compare a request's network with those that its session remembers."""
    remembered = network6 if origin.is_ipv6 else network4
    if remembered is None:
        return Sight.NEW_FAMILY
    return Sight.SAME_NETWORK if remembered == origin.network else Sight.OTHER_NETWORK


def reaction(seen: Sight) -> Reaction:
    if settings.SESSION_IP_DUAL_STACK and settings.SESSION_IP_VALIDATION == "strict" and seen is Sight.NEW_FAMILY:
        return Reaction.LEARN
    return REACTIONS[settings.SESSION_IP_VALIDATION].get(seen, Reaction.GO_ON)
