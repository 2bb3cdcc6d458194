"""What a session makes of another network, in each mode of SESSION_IP_VALIDATION."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.accounts.audit import events_of
from tests.cast import Person, created
from tests.problems import assert_problem
from tests.servers import second_app

IPV4, IPV4_NEAR, IPV4_FAR = "203.0.113.9", "203.0.113.77", "198.51.100.9"
IPV6, IPV6_NEAR, IPV6_FAR = "2001:db8:1:1::9", "2001:db8:1:1:ffff::77", "2001:db8:1:2::9"

# Where a session that began at the first address goes, and what follows in the modes off, log, adaptive and strict.
MOVES = {
    "stays, on IPv4": ((IPV4, IPV4), "ok ok ok ok"),
    "stays, on IPv6": ((IPV6, IPV6), "ok ok ok ok"),
    "gets another address of its /24": ((IPV4, IPV4_NEAR), "ok ok ok ok"),
    "gets another address of its /64": ((IPV6, IPV6_NEAR), "ok ok ok ok"),
    "goes to another /24": ((IPV4, IPV4_FAR), "ok shown asked ended"),
    "goes to another /64": ((IPV6, IPV6_FAR), "ok shown asked ended"),
    "uses IPv6 for the first time": ((IPV4, IPV6), "ok ok asked ended"),
    "uses IPv4 for the first time": ((IPV6, IPV4), "ok ok asked ended"),
    "returns from IPv6 to its /24": ((IPV4, IPV6, IPV4_NEAR), "ok ok asked ended"),
    "returns from IPv4 to its /64": ((IPV6, IPV4, IPV6_NEAR), "ok ok asked ended"),
    "returns from IPv6 to another /24": ((IPV4, IPV6, IPV4_FAR), "ok shown asked ended"),
    "returns from IPv4 to another /64": ((IPV6, IPV4, IPV6_FAR), "ok shown asked ended"),
}
MODES = ("off", "log", "adaptive", "strict")
CASES = [
    pytest.param(mode, route, outcome, id=f"{mode}: {move}")
    for move, (route, outcomes) in MOVES.items()
    for mode, outcome in zip(MODES, outcomes.split(), strict=True)
]
TOKEN = {"name": "Backup script", "scopes": ["read"]}
AppOf = Callable[..., str]


@pytest.fixture(scope="module")
def app_of() -> Iterator[AppOf]:
    """Return apps of each mode, which take the client's address from the test and not from nginx."""
    with ExitStack() as exits:
        urls: dict[tuple[str, str], str] = {}

        def app_of(mode: str, dual_stack: str = "0") -> str:
            key = (mode, dual_stack)
            if key not in urls:
                changes = {"SESSION_IP_VALIDATION": mode, "SESSION_IP_DUAL_STACK": dual_stack}
                urls[key] = exits.enter_context(second_app(**changes))
            return urls[key]

        yield app_of


def travel(url: str, route: tuple[str, ...]) -> Person:
    """Return someone who logged in at the first address and then sent a request from each of the others."""
    alice = Person("alice", url)
    alice.headers["X-Real-IP"] = route[0]
    created(alice.sign_up())
    for address in route[1:]:
        alice.headers["X-Real-IP"] = address
        alice.get("/api/lists/")
    return alice


@pytest.mark.parametrize(("mode", "route", "outcome"), CASES)
def test_a_session_that_moves(app_of: AppOf, mode: str, route: tuple[str, ...], outcome: str) -> None:
    alice = travel(app_of(mode), route)

    assert outcome_of(alice) == outcome


def outcome_of(alice: Person) -> str:
    """Return what a move has led to, as the user sees it, having looked that the audit says the same."""
    if alice.get("/api/lists/").status_code == 401:
        assert "network_refused" in events_of(alice)
        return "ended"
    [session] = alice.get("/auth/sessions/").json()["results"]
    was_noted = session["network_changed_at"] is not None
    assert ("network_changed" in events_of(alice)) == was_noted
    if alice.post("/auth/tokens/", json=TOKEN).status_code == 403:
        return "asked"
    return "shown" if was_noted else "ok"


def test_the_password_once_more_makes_up_for_a_move(app_of: AppOf) -> None:
    alice = travel(app_of("adaptive"), (IPV4, IPV4_FAR))
    assert_problem(alice.post("/auth/tokens/", json=TOKEN), 403, "reauthentication_required")

    assert alice.reauthenticate().status_code == 200

    assert alice.post("/auth/tokens/", json=TOKEN).status_code == 201


def test_going_back_and_forth_between_the_families_costs_nobody_the_session(app_of: AppOf) -> None:
    alice = travel(app_of("adaptive"), (IPV4, IPV6) * 50)

    assert alice.get("/auth/me/").status_code == 200
    assert events_of(alice).count("network_changed") <= 2


def test_strict_can_be_told_to_expect_both_families(app_of: AppOf) -> None:
    at_home = travel(app_of("strict", dual_stack="1"), (IPV4, IPV6, IPV4, IPV6_NEAR))
    elsewhere = travel(app_of("strict", dual_stack="1"), (IPV4, IPV6, IPV4_FAR))

    assert (outcome_of(at_home), outcome_of(elsewhere)) == ("ok", "ended")


def test_a_session_that_strict_has_ended_does_not_come_back_at_home(app_of: AppOf) -> None:
    alice = travel(app_of("strict"), (IPV4,))
    kept = alice.cookies["sessionid"]
    alice.headers["X-Real-IP"] = IPV4_FAR
    assert alice.get("/api/lists/").status_code == 401
    assert "sessionid" not in alice.cookies

    alice.headers["X-Real-IP"] = IPV4
    alice.cookies["sessionid"] = kept

    assert alice.get("/api/lists/").status_code == 401


def test_a_move_reaches_the_copy_at_once(app_of: AppOf) -> None:
    alice = travel(app_of("adaptive"), (IPV4, IPV4_FAR, IPV4_FAR, IPV4_FAR))

    assert events_of(alice).count("network_changed") == 1
