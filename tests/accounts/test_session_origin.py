"""A session notes the address it began at: what nginx saw, not what a client says."""

from collections.abc import Iterator

import pytest

from tests.cast import Person, created
from tests.rows import ask
from tests.servers import second_app

ORIGIN = """
SELECT host(s.address) || ' in ' || coalesce(s.network4, s.network6)
FROM core_session s JOIN core_user u ON u.id = s.user_id WHERE u.email = %s
"""
CLAIM = {"X-Real-IP": "203.0.113.9", "X-Forwarded-For": "203.0.113.9", "Forwarded": "for=203.0.113.9"}


@pytest.fixture(scope="module")
def bare_app() -> Iterator[str]:
    """Run an app that takes its headers from the test and not from nginx."""
    with second_app() as url:
        yield url


def test_what_a_client_says_of_its_address_is_not_believed(anonymous: Person) -> None:
    anonymous.headers.update(CLAIM)
    created(anonymous.sign_up())

    assert ask(ORIGIN, anonymous.email) == "127.0.0.1 in 127.0.0.0/24"


@pytest.mark.parametrize(
    ("seen", "noted"),
    [
        ("203.0.113.9", "203.0.113.9 in 203.0.113.0/24"),
        ("::ffff:203.0.113.9", "203.0.113.9 in 203.0.113.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2:3::4 in 2001:db8:1:2::/64"),
        ("2001:0DB8:0:0::1", "2001:db8::1 in 2001:db8::/64"),
    ],
)
def test_an_address_is_noted_with_the_network_that_a_client_keeps(bare_app: str, seen: str, noted: str) -> None:
    alice = Person("alice", bare_app)
    alice.headers["X-Real-IP"] = seen
    created(alice.sign_up())

    assert ask(ORIGIN, alice.email) == noted


def test_without_nginx_it_is_the_address_of_the_connection(bare_app: str) -> None:
    alice = Person("alice", bare_app)
    created(alice.sign_up())

    assert ask(ORIGIN, alice.email) == "127.0.0.1 in 127.0.0.0/24"
