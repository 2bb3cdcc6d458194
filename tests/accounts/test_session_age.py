"""A session ends by itself: after two weeks without a request, and thirty days after its login."""

from tests.cast import Person, created
from tests.problems import assert_problem
from tests.rows import ask

EXPIRE = """
UPDATE core_session SET expires_at = now()
WHERE user_id = (SELECT id FROM core_user WHERE email = %s) RETURNING id
"""
FORGET = """
UPDATE core_session SET last_seen_at = now() - make_interval(days => %s)
WHERE user_id = (SELECT id FROM core_user WHERE email = %s) RETURNING id
"""
LOOK = """
SELECT json_build_object(
    'days', round(extract(epoch FROM s.expires_at - s.created_at) / 86400),
    'was_seen', s.last_seen_at > now() - interval '1 minute',
    'origin', host(address) || ' in ' || coalesce(network4, network6),
    'agent', length(user_agent))
FROM core_session s JOIN core_user u ON u.id = s.user_id WHERE u.email = %s
"""


def test_a_session_ends_when_its_time_has_come(alice: Person) -> None:
    ask(EXPIRE, alice.email)

    assert_problem(alice.get("/auth/me/"), 401, "unauthenticated")


def test_a_session_ends_after_two_weeks_without_a_request(alice: Person) -> None:
    ask(FORGET, 14, alice.email)

    assert_problem(alice.get("/auth/me/"), 401, "unauthenticated")


def test_a_session_ends_thirty_days_after_its_login(alice: Person) -> None:
    assert ask(LOOK, alice.email)["days"] == 30


def test_being_used_keeps_a_session_alive(alice: Person) -> None:
    ask(FORGET, 13, alice.email)
    alice.get("/auth/me/")

    assert ask(LOOK, alice.email)["was_seen"]


def test_a_session_notes_where_it_began(anonymous: Person) -> None:
    anonymous.headers["User-Agent"] = "x" * 300
    created(anonymous.sign_up())

    noted = ask(LOOK, anonymous.email)
    assert (noted["origin"], noted["agent"]) == ("127.0.0.1 in 127.0.0.0/24", 256)
