"""Nobody else's page can make a browser act here."""

import pytest

from tests.accounts.cookies import cookie_attributes
from tests.cast import Person
from tests.problems import assert_problem
from tests.routes import NOWHERE, UNSAFE, Route, belongings, call
from tests.rows import is_known, revision_of

AUTH = [route for route in UNSAFE if not route.is_api]


def test_the_token_is_in_the_body_and_its_cookie_is_out_of_reach_of_scripts(anonymous: Person) -> None:
    answer = anonymous.get("/auth/csrf/")

    assert len(answer.json()["csrf_token"]) == 64
    assert cookie_attributes(answer, "csrftoken") == {
        "httponly": True,
        "max-age": "31449600",
        "path": "/",
        "samesite": "Lax",
    }


@pytest.mark.parametrize("route", UNSAFE, ids=str)
@pytest.mark.parametrize("token", [None, "A" * 64, "", "é"], ids=["none", "forged", "empty", "not ASCII"])
def test_every_unsafe_route_wants_a_token(mallory: Person, route: Route, token: str | None) -> None:
    headers = {"X-CSRFToken": token.encode() if token else token}

    assert_problem(call(mallory, route, {**NOWHERE, "email": mallory.email}, headers=headers), 403, "csrf_failed")
    assert revision_of(mallory) == 0
    assert mallory.get("/auth/me/").status_code == 200


@pytest.mark.parametrize("route", UNSAFE, ids=str)
def test_another_users_token_is_no_token(alice: Person, mallory: Person, route: Route) -> None:
    ids = belongings(alice)
    before = revision_of(alice)

    refused = call(alice, route, ids, headers={"X-CSRFToken": mallory.headers["X-CSRFToken"]})

    assert_problem(refused, 403, "csrf_failed")
    assert revision_of(alice) == before
    assert alice.get("/auth/me/").status_code == 200


@pytest.mark.parametrize("route", AUTH, ids=str)
def test_a_visitor_needs_a_token_too(anonymous: Person, route: Route) -> None:
    answer = call(anonymous, route, {**NOWHERE, "new_email": anonymous.email})

    assert_problem(answer, 403, "csrf_failed")
    assert not anonymous.cookies
    assert not is_known(anonymous.email)


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://localhost", "http://localhost.evil.example"]
)
def test_another_sites_page_is_refused_even_with_the_token(mallory: Person, origin: str) -> None:
    answer = mallory.post("/api/lists/", json={"name": "Errands"}, headers={"Origin": origin})

    assert_problem(answer, 403, "csrf_failed")
    assert revision_of(mallory) == 0


def test_our_own_page_is_welcome(alice: Person) -> None:
    answer = alice.post("/api/lists/", json={"name": "Errands"}, headers={"Origin": alice.url})

    assert answer.status_code == 201
