"""How often one may try: to guess a password, to have mail sent to someone."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from app.common import limits
from app.common.clientip import network_of
from app.common.errors import Code, Problem
from app.common.limits import Bucket, Limit

LOGIN_OF_ACCOUNT = Limit("login-account", count=10, seconds=15 * 60)
LOGIN_FROM_NETWORK = Limit("login-network", count=50, seconds=15 * 60)
MAIL_TO_ADDRESS = Limit("mail", count=5, seconds=60 * 60)


@contextmanager
def login(email: str, address: str, *, is_known_network: bool) -> Iterator[None]:
    """Count an attempt to log in from a client's address; raise Problem (429) where there were too many.

    It is counted before the password is looked at, so that a hundred at once get no further than a hundred in a row.
    Only INVALID_CREDENTIALS in the block keeps the count: a success is no guess, and neither is a fault of ours.
    It makes no difference whether the account exists. ``is_known_network`` says that its owner has logged in
    from this network before.
    """
    buckets = login_buckets(email, address, is_known_network=is_known_network)
    limits.take(*buckets)
    is_wrong = False
    try:
        yield
    except Problem as problem:
        is_wrong = problem.code is Code.INVALID_CREDENTIALS
        raise
    finally:
        if not is_wrong:
            limits.give_back(*buckets)


def login_buckets(email: str, address: str, *, is_known_network: bool) -> list[Bucket]:
    """Return what an attempt is counted by; the owner's own networks count apart, so nobody else can shut them out."""
    network = network_of(address)
    account = Bucket(LOGIN_OF_ACCOUNT, f"{email} {network}" if is_known_network else email)
    if address in settings.RATE_LIMIT_EXEMPT:
        return [account]
    return [account, Bucket(LOGIN_FROM_NETWORK, network)]


def take_mail(email: str) -> bool:
    """Count a mail to an address; return whether it may be sent. Where not, the answer must not tell."""
    return limits.charge(limits.TAKE, [Bucket(MAIL_TO_ADDRESS, email)]) == 0
