"""Secrets are known to those who were given them, and stand nowhere: in no table, not in Redis, in no log."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg import sql
from redis import Redis

from app.accounts import tokens
from tests.accounts.cookies import cookie_attributes, names_of_cookies
from tests.accounts.mailbox import token_for
from tests.cast import Person, created
from tests.drill import size
from tests.routes import CALLS, Route, belongings, call
from tests.rows import connect
from tests.stores import contents
from tests.tables import TABLES

LOGS = Path(os.environ.get("DOABLE_DATA", "")) / "logs"
COOKIE = {"httponly": True, "path": "/", "samesite": "Lax"}
AGES = {"sessionid": 2592000, "csrftoken": 31449600}  # seconds
CONTROLS = dict.fromkeys(range(32))
INJECTIONS = {
    "a line of its own": 'x\r\n{"level": "error", "message": "forged-%s"}',
    "colours": "x\x1b[31mforged-%s\x1b[0m",
    "a tabulator and a backspace": "x\t\bforged-%s",
    "a line separator": "x\N{LINE SEPARATOR}forged-%s\N{NEXT LINE}",
}


def everything_stored() -> Iterator[tuple[str, bytes]]:
    """Yield what PostgreSQL, Redis and the logs of the stack hold, each with where it stands."""
    with connect() as connection:
        for (table,) in connection.execute(TABLES).fetchall():
            statement = sql.SQL("COPY (SELECT to_jsonb(t) FROM {} AS t) TO STDOUT").format(sql.Identifier(str(table)))
            with connection.cursor().copy(statement) as rows:
                yield str(table), b"".join(bytes(row) for row in rows)
    for key, value in contents(Redis.from_url(os.environ["REDIS_URL"])).items():
        yield f"Redis {key!r}", key + value
    for log in LOGS.iterdir():
        yield log.name, log.read_bytes()


def places_of(secret: str) -> list[str]:
    """Return where a secret stands, as it is or as hexadecimal digits."""
    forms = (secret.encode(), secret.encode().hex().encode())
    return [place for place, found in everything_stored() if any(form in found for form in forms)]


def test_no_secret_can_be_found_where_things_are_stored(alice: Person) -> None:
    alice.password = "a password that only alice knows"
    alice.email = f"secret-{alice.email}"
    created(alice.sign_up())
    api_token = alice.make_token()["token"]
    alice.post("/auth/password/reset/", json={"email": alice.email})
    secrets = {
        "the session": str(alice.cookies["sessionid"]),
        "the CSRF secret": str(alice.cookies["csrftoken"]),
        "the CSRF token": str(alice.headers["X-CSRFToken"]),
        "the API token": api_token,
        "the link": token_for(alice.email),
        "the password": alice.password,
    }

    assert {name: places_of(secret) for name, secret in secrets.items()} == {name: [] for name in secrets}
    assert not [place for place in places_of(alice.email) if place.endswith(".log")]


def test_what_was_found_would_have_been_found(alice: Person) -> None:
    name = f"a name to be looked for, {alice.email[:20]}"
    alice.patch("/auth/me/", json={"name": name})
    alice.get("/api/lists/")

    found = places_of(name)

    assert "core_user" in found
    assert any(place.startswith("Redis") for place in found)


@pytest.mark.parametrize("text", INJECTIONS.values(), ids=INJECTIONS.keys())
def test_nothing_that_a_client_says_makes_a_line_in_a_log(alice: Person, text: str) -> None:
    mark = text % alice.email.partition("@")[0]
    before = len((LOGS / "app.log").read_text().splitlines())
    alice.headers["User-Agent"] = mark.translate(CONTROLS).encode()  # no HTTP server takes the others
    requests = [
        alice.patch("/auth/me/", json={"name": mark}),
        alice.log_in(email=mark),
        alice.post("/auth/login/", json={"email": f"{mark}@example.org", "password": mark}),
        alice.get("/api/lists/", params={"cursor": mark}),
        alice.get(f"/api/lists/{mark}/"),
    ]

    lines = (LOGS / "app.log").read_text().splitlines()[before:]
    assert len([line for line in lines if '"doable.access"' in line]) >= len(requests)
    assert all(isinstance(json.loads(line), dict) for line in lines)
    assert not [line for line in lines if "forged" in line]


@pytest.mark.parametrize("route", CALLS, ids=str)
def test_every_cookie_that_is_set_has_its_attributes(alice: Person, route: Route) -> None:
    answer = call(alice, route, belongings(alice))

    for name in names_of_cookies(answer):
        attributes = cookie_attributes(answer, name)
        age = int(attributes.pop("max-age", "0"))
        assert age == 0 or AGES[name] - 60 < age <= AGES[name]  # a session that goes on began a moment ago
        assert attributes == {key: value for key, value in COOKIE.items() if key in attributes}
        assert attributes.keys() >= {"path", "samesite"}


@pytest.mark.drill
def test_no_two_tokens_are_the_same() -> None:
    count = size(1000, 100_000)

    for make in (tokens.new_token, tokens.new_api_token):
        assert len({make() for _ in range(count)}) == count
